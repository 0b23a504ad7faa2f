"""统一社会信用代码: the number of every unit (GB 32100-2015)."""

import string
from dataclasses import dataclass
from enum import StrEnum

from tongban.kernel import check_characters, normalise
from tongban.kernel.errors import Invalid
from tongban.kernel.regions import CENTRAL, PROVINCES
from tongban.kernel.registering_authorities import AUTHORITIES
from tongban.kernel.resident_id import ResidentId

_FORBIDDEN = {"I": "1", "O": "0", "Z": "2", "S": "5", "V": "U"}
"""Letters the standard leaves out because they are misread, and what they were most likely meant to be."""


class UnitType(StrEnum):
    """单位类型. The value is what is stored and what a form posts."""

    ENTERPRISE = "enterprise"
    PUBLIC_INSTITUTION = "public_institution"
    GOVERNMENT_BODY = "government_body"
    SOCIAL_GROUP = "social_group"
    PRIVATE_NON_ENTERPRISE = "private_non_enterprise"
    FOUNDATION = "foundation"
    OTHER = "other"


# Sole traders (92) are no legal person and cooperatives (93) one of their own kind: both are OTHER.
_USUAL_TYPES = {
    "91": UnitType.ENTERPRISE,
    "11": UnitType.GOVERNMENT_BODY,
    "12": UnitType.PUBLIC_INSTITUTION,
    "13": UnitType.GOVERNMENT_BODY,
    "51": UnitType.SOCIAL_GROUP,
    "52": UnitType.PRIVATE_NON_ENTERPRISE,
    "53": UnitType.FOUNDATION,
}


@dataclass(frozen=True, slots=True)
class Uscc:
    """A valid code. It is public, so unlike personal numbers it may be printed."""

    value: str

    @classmethod
    def parse(cls, raw: str) -> "Uscc":
        """Return the code in `raw`; raises `Invalid` (`uscc.…`) with the kind of slip."""
        code = normalise.identifier(raw)
        _check_length(code)
        try:
            _check(code)
        except Invalid as error:
            raise (Invalid("uscc.is_resident_id") if _is_resident_id(code) else error) from None
        return cls(code)

    @property
    def authority(self) -> str:
        """The first character: who registered the unit (a key of `AUTHORITIES`)."""
        return self.value[0]

    @property
    def category(self) -> str:
        """The second character: the unit's category within its authority."""
        return self.value[1]

    @property
    def region(self) -> str:
        """Six digits of GB/T 2260: where the registering office is; 100000 is central."""
        return self.value[2:8]

    @property
    def organisation_code(self) -> str:
        """Nine characters of GB 11714."""
        return self.value[8:17]

    @property
    def usual_unit_type(self) -> UnitType:
        """The type that units with this authority and category usually have: a preset, not a proof."""
        return _USUAL_TYPES.get(self.value[:2], UnitType.OTHER)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Codes of what is unusual though allowed: registers hold real units that break these rules."""
        unusual = {
            "uscc.organisation_check": check_characters.organisation(self.value[8:16]) != self.value[16],
            "uscc.category_unknown": self.category not in AUTHORITIES[self.authority].categories,
            "uscc.region_unknown": self.region[:2] not in PROVINCES | {CENTRAL},
        }
        return tuple(code for code, is_so in unusual.items() if is_so)


def _check_length(code: str) -> None:
    if not code:
        raise Invalid("uscc.empty")
    if len(code) == 9:
        raise Invalid("uscc.organisation_code")
    if len(code) == 15:
        raise Invalid("uscc.registration_number")
    if len(code) != 18:
        raise Invalid("uscc.length", length=len(code))


def _check(code: str) -> None:
    for position, character in enumerate(code, start=1):
        _check_alphabet(position, character)
    for position, character in enumerate(code[2:8], start=3):
        if character not in string.digits:
            raise Invalid("uscc.region_character", position=position, character=character)
    if code[0] not in AUTHORITIES:
        raise Invalid("uscc.authority", character=code[0])
    if check_characters.uscc(code[:17]) != code[17]:
        raise Invalid("uscc.check_character")


def _check_alphabet(position: int, character: str) -> None:
    if character in _FORBIDDEN:
        raise Invalid("uscc.forbidden_letter", position=position, character=character, likely=_FORBIDDEN[character])
    if character not in check_characters.USCC_ALPHABET:
        raise Invalid("uscc.character", position=position, character=character)


def _is_resident_id(code: str) -> bool:
    try:
        ResidentId.parse(code)
    except Invalid:
        return False
    return True
