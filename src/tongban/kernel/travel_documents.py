"""Travel permits and passports: numbers without a check character, so only their shape can be judged.

Both permits belong to a person for life; what follows the number on the card counts how often the card was
issued and is dropped, or one person would have several numbers.
"""

import string

from tongban.kernel import id_number
from tongban.kernel.errors import Invalid

_PASSPORT_CHARACTERS = frozenset(string.ascii_uppercase + string.digits)


def hk_macau_travel_permit(number: str) -> str:
    """Return the nine characters for life of a 港澳居民来往内地通行证; raises `Invalid`.

    H or M and eight digits; HA or MA and seven digits since 2024 for permanent residents of other nationalities.
    """
    if number[0] not in "HM":
        raise Invalid("hk_macau_travel_permit.first_letter")
    if len(number) not in {9, 11}:
        raise Invalid("hk_macau_travel_permit.length", length=len(number))
    letters = 2 if number[1] == "A" else 1
    id_number.check_digits(number[letters:], first_position=letters + 1)
    return number[:9]


def taiwan_travel_permit(number: str) -> str:
    """Return the eight digits for life of a 台湾居民来往大陆通行证; raises `Invalid`.

    Booklets before 2015 print two digits of issue and the issuing office's letter behind them: 12345678 01 (B).
    """
    plain = number.replace("(", "").replace(")", "")
    if len(plain) not in {8, 10, 11}:
        raise Invalid("taiwan_travel_permit.length", length=len(plain))
    id_number.check_digits(plain[:10])
    return plain[:8]


def passport(number: str) -> str:
    """Return a passport's number, of any country: five to nine letters and digits, not letters only.

    The shapes of China's own (E and eight digits, E, a letter and seven digits, G and eight digits) are no narrower
    than those of other countries, so a typo in them cannot be told from a foreign number.
    """
    if not 5 <= len(number) <= 9:
        raise Invalid("passport.length", length=len(number))
    for position, character in enumerate(number, start=1):
        if character not in _PASSPORT_CHARACTERS:
            raise Invalid("passport.character", position=position, character=character)
    if id_number.DIGITS.isdisjoint(number):
        raise Invalid("passport.no_digit")
    return number
