"""Tencent Cloud as an authority: IdCardVerification for persons, VerifyBizLicenseEnterprise4 for units.

Sources: cloud.tencent.com/document/api/1007/33188 (faceid 2018-03-01) and …/api/866/129072 (ocr 2018-11-19).
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings

from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.kernel.vendors.errors import VendorError
from tongban.kernel.vendors.probing import ask_nothing
from tongban.kernel.vendors.tencent import Tencent
from tongban.proofing import coverage
from tongban.proofing.coverage import Coverage, by_table, in_business
from tongban.proofing.rules import Answer

COVERAGE = Coverage(coverage.RESIDENTS, coverage.FOUR_ELEMENTS, coverage.LICENSED)

PERSON: Mapping[str, Answer] = {
    "0": Answer.MATCH,
    "-1": Answer.MISMATCH,
    # A number or name outside the vendor's rules, though inside ours: a case for a person, not a slip.
    "-2": Answer.NO_RECORD,
    "-3": Answer.NO_RECORD,
    "-4": Answer.UNAVAILABLE,
    "-5": Answer.NO_RECORD,
    "-6": Answer.UNAVAILABLE,
    "-7": Answer.UNAVAILABLE,
}
"""Result of IdCardVerification. 0 and -1 are charged for."""
NOT_FOUND = "-10002"
"""OperatingStatus of VerifyBizLicenseEnterprise4 for a unit that could not be looked up."""

_PERSONS = ("faceid", "IdCardVerification", "2018-03-01")
_UNITS = ("ocr", "VerifyBizLicenseEnterprise4", "2018-11-19")
_FLAGS = ("IsCreditCodeConsistent", "IsEntNameConsistent", "IsLrNameConsistent", "IsIdNumConsistent")


class TencentAuthority:
    """Asks Tencent Cloud; key and addresses by the settings TENCENT_…."""

    name = "tencent"
    required = ("TENCENT_KEY_ID", "TENCENT_KEY_SECRET", "TENCENT_FACEID_ADDRESS", "TENCENT_OCR_ADDRESS")

    def covers_person(self, kind: DocumentKind) -> bool:
        """Whether persons with this kind of document can be checked."""
        return kind in COVERAGE.documents

    def covers_unit(self, unit_type: UnitType) -> bool:
        """Whether units of this type can be checked: only a business licence has four elements here."""
        return unit_type in COVERAGE.unit_types

    def check_person(self, *, name: PersonName, document: Document, within: float) -> Answer:
        """Compare name and number."""
        params = {"IdCard": document.number, "Name": name.value}
        found = _ask(*_PERSONS, params, within=within)
        return Answer.UNAVAILABLE if found is None else by_table(PERSON, found.get("Result"))

    def check_unit(
        self,
        *,
        unit_name: UnitName,
        uscc: Uscc,
        representative_name: PersonName,
        representative_document: Document,
        within: float,
    ) -> Answer | None:
        """Compare the four elements."""
        if not COVERAGE.knows(uscc, representative_document.kind):
            return None
        params = {
            "CreditCode": uscc.value,
            "EntName": unit_name.value,
            "LrName": representative_name.value,
            "IdNum": representative_document.number,
        }
        found = _ask(*_UNITS, params, within=within)
        return Answer.UNAVAILABLE if found is None else _unit(found)

    def probe(self, *, within: float) -> None:
        """Ask both operations about nobody."""
        for service, action, version in (_PERSONS, _UNITS):
            account = _account(service)
            ask_nothing(partial(account.call, action, version, {}, within=within / 2, repeatable=True, quiet=True))


def _unit(found: Mapping[str, Any]) -> Answer:
    same = [found.get(flag) for flag in _FLAGS]
    status = str(found.get("OperatingStatus"))
    if found.get("StatusCode") != 0 or found.get("VerifyResult") not in (0, 1):
        return Answer.UNAVAILABLE
    if found["VerifyResult"] == 1:
        # "All four match" beside one that does not is not to be believed.
        return in_business(status) if all(flag is True for flag in same) else Answer.UNAVAILABLE
    is_unknown = same[:2] == [False, False] or status == NOT_FOUND
    return Answer.NO_RECORD if is_unknown else Answer.MISMATCH


def _ask(
    service: str, action: str, version: str, params: Mapping[str, str], *, within: float
) -> Mapping[str, Any] | None:
    """Return the vendor's object, or `None` when there is none."""
    try:
        return _account(service).call(action, version, params, within=within, repeatable=True)
    except VendorError:
        return None


def _account(service: str) -> Tencent:
    address = getattr(settings, f"TENCENT_{service.upper()}_ADDRESS")
    return Tencent(settings.TENCENT_KEY_ID, settings.TENCENT_KEY_SECRET, service, address, proxy=settings.VENDOR_PROXY)
