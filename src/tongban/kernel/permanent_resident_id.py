"""外国人永久居留身份证: both numbers in use, as the National Immigration Administration asks of every system."""

from dataclasses import dataclass

from tongban.kernel import check_characters, id_number, normalise
from tongban.kernel.errors import Invalid
from tongban.kernel.masking import mask_document
from tongban.kernel.regions import PROVINCES

_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True, slots=True, repr=False)
class PermanentResidentId:
    """A valid number of the 2017 card (15 characters) or of the 2023 card (18)."""

    value: str

    @classmethod
    def parse(cls, raw: str) -> "PermanentResidentId":
        """Return the number in `raw`; raises `Invalid` (`id_number.…`, `permanent_resident_id.…`)."""
        number = normalise.identifier(raw)
        if len(number) == 15:
            _check_2017(number)
        elif len(number) == 18:
            id_number.check_18(number, check_prefix=_check_prefix_2023)
        else:
            raise Invalid("permanent_resident_id.length", length=len(number))
        return cls(number)

    def __repr__(self) -> str:
        return f"PermanentResidentId({mask_document(self.value)!r})"


def _check_2017(number: str) -> None:
    """Three letters of nationality, four digits of area, YYMMDD, one of sequence, one of ICAO's check."""
    if not _LETTERS.issuperset(number[:3]):
        raise Invalid("permanent_resident_id.nationality")
    id_number.check_digits(number[3:], first_position=4)
    _check_province(number[3:5])
    # The century is not written: the card fits when the day existed in either.
    if id_number.calendar_date("20" + number[7:13]) is None and id_number.calendar_date("19" + number[7:13]) is None:
        raise Invalid("id_number.birth_date")
    if check_characters.travel_document(number[:14]) != number[14]:
        raise Invalid("id_number.check_character")


def _check_prefix_2023(prefix: str) -> None:
    """A 9 that no citizen's number starts with, the province of first issue, three digits of nationality."""
    if prefix[0] != "9":
        raise Invalid("permanent_resident_id.first_digit")
    _check_province(prefix[1:3])


def _check_province(province: str) -> None:
    if province not in PROVINCES:
        raise Invalid("permanent_resident_id.region", prefix=province)
