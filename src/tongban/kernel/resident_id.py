"""居民身份证: the citizen's number of GB 11643-1999, and the residence permits that use the same scheme."""

from dataclasses import dataclass

from tongban.kernel import check_characters, id_number, normalise
from tongban.kernel.errors import Invalid
from tongban.kernel.masking import mask_document
from tongban.kernel.regions import PROVINCES


@dataclass(frozen=True, slots=True, repr=False)
class ResidentId:
    """A valid 18-character resident identity number; its last character is a digit or a capital X."""

    value: str

    @classmethod
    def parse(cls, raw: str) -> "ResidentId":
        """Return the number in `raw`; raises `Invalid` (`id_number.…`, `resident_id.…`)."""
        number = normalise.identifier(raw)
        if len(number) == 15 and id_number.DIGITS.issuperset(number):
            raise Invalid("resident_id.fifteen_digits")
        id_number.check_18(number, check_prefix=_check_province)
        return cls(number)

    @classmethod
    def upgrade_legacy(cls, raw: str) -> "ResidentId":
        """Return the 18-character form of a 15-digit number (GB 11643-1989); raises `Invalid`.

        Only for matching against old records: the short form proves nothing since 2013. All its holders were
        born in the 20th century.
        """
        number = normalise.identifier(raw)
        if len(number) != 15:
            raise Invalid("id_number.length", length=len(number), expected=15)
        id_number.check_digits(number)
        seventeen = f"{number[:6]}19{number[6:]}"
        return cls.parse(seventeen + check_characters.mod_11_2(seventeen))

    def __repr__(self) -> str:
        return f"ResidentId({mask_document(self.value)!r})"


def check_hk_macau_residence_permit(number: str) -> None:
    """Raise `Invalid` unless `number` is a 港澳居民居住证 number: 810000 Hong Kong, 820000 Macau."""
    id_number.check_18(number, check_prefix=_check_hk_macau)


def check_taiwan_residence_permit(number: str) -> None:
    """Raise `Invalid` unless `number` is a 台湾居民居住证 number: 830000."""
    id_number.check_18(number, check_prefix=_check_taiwan)


def _check_province(region: str) -> None:
    if region[:2] not in PROVINCES:
        raise Invalid("resident_id.region", prefix=region[:2])


def _check_hk_macau(region: str) -> None:
    if region not in {"810000", "820000"}:
        raise Invalid("hk_macau_residence_permit.region")


def _check_taiwan(region: str) -> None:
    if region != "830000":
        raise Invalid("taiwan_residence_permit.region")
