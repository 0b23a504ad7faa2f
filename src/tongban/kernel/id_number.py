"""Rules that several numbers share: the 18-character scheme of GB 11643-1999 and runs of digits.

Resident identity cards, residence permits and the 2023 permanent resident card all write eight digits of birth
date from the 7th character on and the same check character at the end. Codes raised here start with `id_number.`.
"""

from collections.abc import Callable
from datetime import date, timedelta, timezone

from tongban.kernel import check_characters, clock
from tongban.kernel.errors import Invalid

DIGITS = frozenset("0123456789")
_LOOKS_LIKE = {"O": "0", "Q": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8"}
_CHINA = timezone(timedelta(hours=8))
_OLDEST_YEARS = 130


def check_18(number: str, *, check_prefix: Callable[[str], None]) -> None:
    """Raise `Invalid` unless `number` follows the 18-character scheme; `check_prefix` judges its first six digits."""
    if len(number) != 18:
        raise Invalid("id_number.length", length=len(number), expected=18)
    check_digits(number[:17])
    if number[17] not in DIGITS and number[17] != "X":
        raise Invalid("id_number.last_character", character=number[17])
    check_prefix(number[:6])
    check_birth_date(number[6:14])
    if check_characters.mod_11_2(number[:17]) != number[17]:
        raise Invalid("id_number.check_character")


def check_digits(characters: str, *, first_position: int = 1) -> None:
    """Raise `Invalid` at the first character that is no digit; positions count from `first_position`."""
    for position, character in enumerate(characters, start=first_position):
        if character in _LOOKS_LIKE:
            raise Invalid(
                "id_number.letter_for_digit", position=position, character=character, digit=_LOOKS_LIKE[character]
            )
        if character not in DIGITS:
            raise Invalid("id_number.character", position=position, character=character)


def check_birth_date(digits: str) -> date:
    """Return the date that eight digits YYYYMMDD write; raises `Invalid` when nobody alive can be born then."""
    born = calendar_date(digits)
    today = clock.now().astimezone(_CHINA).date()
    if born is None or born.year < today.year - _OLDEST_YEARS:
        raise Invalid("id_number.birth_date")
    if born > today:
        raise Invalid("id_number.birth_date_in_future")
    return born


def calendar_date(digits: str) -> date | None:
    """Return the date that eight digits YYYYMMDD write, `None` when the calendar has no such day."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
