"""Identity documents of persons: the kinds the platform accepts and the rules of their numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tongban.kernel import id_number, normalise, travel_documents
from tongban.kernel.errors import Invalid
from tongban.kernel.masking import mask_document
from tongban.kernel.permanent_resident_id import PermanentResidentId
from tongban.kernel.resident_id import ResidentId, check_hk_macau_residence_permit, check_taiwan_residence_permit
from tongban.kernel.uscc import Uscc


class DocumentKind(StrEnum):
    """证件类型. The value is what is stored and what a form posts."""

    RESIDENT_ID = "resident_id"
    """居民身份证"""
    HK_MACAU_RESIDENCE_PERMIT = "hk_macau_residence_permit"
    """港澳居民居住证"""
    TAIWAN_RESIDENCE_PERMIT = "taiwan_residence_permit"
    """台湾居民居住证"""
    PERMANENT_RESIDENT_ID = "permanent_resident_id"
    """外国人永久居留身份证"""
    HK_MACAU_TRAVEL_PERMIT = "hk_macau_travel_permit"
    """港澳居民来往内地通行证"""
    TAIWAN_TRAVEL_PERMIT = "taiwan_travel_permit"
    """台湾居民来往大陆通行证"""
    PASSPORT = "passport"
    """护照"""


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A kind and a number that follows its rules, without anything that changes when the card is issued again.

    `country` (ISO 3166-1 alpha-3) is who issued a passport: two countries may well issue the same number. It is empty
    for the other kinds, and where nobody has asked for it.
    """

    kind: DocumentKind
    number: str
    country: str = ""

    @property
    def masked(self) -> str:
        """The number as it may be shown to its owner."""
        return mask_document(self.number)

    @property
    def identity(self) -> str:
        """What no two documents have in common, for an index."""
        return ":".join(filter(None, (self.kind, self.country, self.number)))

    @property
    def birth_date(self) -> date | None:
        """The holder's day of birth where the number tells it in full, otherwise `None`."""
        return id_number.calendar_date(self.number[6:14]) if len(self.number) == 18 else None

    def __repr__(self) -> str:
        return f"Document({self.kind.value}, {self.masked!r})"


def _resident_id(number: str) -> str:
    return ResidentId.parse(number).value


def _hk_macau_residence_permit(number: str) -> str:
    check_hk_macau_residence_permit(number)
    return number


def _taiwan_residence_permit(number: str) -> str:
    check_taiwan_residence_permit(number)
    return number


def _permanent_resident_id(number: str) -> str:
    return PermanentResidentId.parse(number).value


_RULES: dict[DocumentKind, Callable[[str], str]] = {
    DocumentKind.RESIDENT_ID: _resident_id,
    DocumentKind.HK_MACAU_RESIDENCE_PERMIT: _hk_macau_residence_permit,
    DocumentKind.TAIWAN_RESIDENCE_PERMIT: _taiwan_residence_permit,
    DocumentKind.PERMANENT_RESIDENT_ID: _permanent_resident_id,
    DocumentKind.HK_MACAU_TRAVEL_PERMIT: travel_documents.hk_macau_travel_permit,
    DocumentKind.TAIWAN_TRAVEL_PERMIT: travel_documents.taiwan_travel_permit,
    DocumentKind.PASSPORT: travel_documents.passport,
}

# Numbers telling enough to say "you chose the wrong kind" instead of "the number is wrong".
_TELLING: dict[str, Callable[[str], object]] = {
    "document.is_resident_id": _resident_id,
    "document.is_hk_macau_residence_permit": _hk_macau_residence_permit,
    "document.is_taiwan_residence_permit": _taiwan_residence_permit,
    "document.is_permanent_resident_id": _permanent_resident_id,
    "document.is_hk_macau_travel_permit": travel_documents.hk_macau_travel_permit,
    "document.is_uscc": Uscc.parse,
}


def parse_document(kind: DocumentKind, raw: str) -> Document:
    """Return the document that `raw` numbers; raises `Invalid` with a code that names the kind of slip.

    A number that breaks the rules of `kind` but is plainly that of another document answers `document.is_…`.
    """
    number = normalise.identifier(raw)
    if not number:
        raise Invalid("document.empty")
    try:
        return Document(kind, _RULES[kind](number))
    except Invalid as error:
        raise _other_document(number) or error from None


def _other_document(number: str) -> Invalid | None:
    for code, rule in _TELLING.items():
        try:
            rule(number)
        except Invalid:
            continue
        return Invalid(code)
    return None
