"""Alibaba Cloud as an authority: Id2MetaVerify for persons, EntElementVerifyV2 with four elements for units.

Sources: help.aliyun.com, "身份二要素核验" (Id2MetaVerify, cloudauth 2019-03-07) and
"企业要素验证V2" (EntElementVerifyV2, cloudauth 2022-11-25).
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings

from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.ids import new_id
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.kernel.vendors.alibaba import Alibaba
from tongban.kernel.vendors.errors import Refused, VendorError
from tongban.kernel.vendors.probing import ask_nothing
from tongban.proofing import coverage
from tongban.proofing.coverage import Coverage, by_table, in_business
from tongban.proofing.rules import Answer

# Law firms (31) have four elements here too.
COVERAGE = Coverage(coverage.RESIDENTS, coverage.FOUR_ELEMENTS, coverage.LICENSED | {"31"})

PERSON: Mapping[str, Answer] = {"1": Answer.MATCH, "2": Answer.MISMATCH, "3": Answer.NO_RECORD}
"""BizCode of Id2MetaVerify. 1 and 2 are charged for."""
UNIT: Mapping[str, Answer] = {"2": Answer.MISMATCH, "3": Answer.NO_RECORD}
"""BizCode of EntElementVerifyV2 besides `CONSISTENT`, which counts only for a unit in business."""
CONSISTENT = "1"
UNREADABLE = frozenset({"401", "InvalidParameter"})
"""Codes for a name or number outside the vendor's rules. Ours are checked: it is a case for a person, not a slip."""
_DONE = frozenset({"200", "Success", "success"})
_CONSENTED = "1"
_PERSONS, _UNITS = ("Id2MetaVerify", "2019-03-07"), ("EntElementVerifyV2", "2022-11-25")


class AlibabaAuthority:
    """Asks Alibaba Cloud; key and address by the settings ALIBABA_…."""

    name = "alibaba"
    required = ("ALIBABA_KEY_ID", "ALIBABA_KEY_SECRET", "ALIBABA_CLOUDAUTH_ADDRESS")

    def covers_person(self, kind: DocumentKind) -> bool:
        """Whether persons with this kind of document can be checked."""
        return kind in COVERAGE.documents

    def covers_unit(self, unit_type: UnitType) -> bool:
        """Whether units of this type can be checked: institutions and associations have no four elements."""
        return unit_type in COVERAGE.unit_types

    def check_person(self, *, name: PersonName, document: Document, within: float) -> Answer:
        """Compare name and number."""
        params = {"ParamType": "normal", "UserName": name.value, "IdentifyNum": document.number}
        found = _ask(*_PERSONS, params, within)
        return found if isinstance(found, Answer) else by_table(PERSON, _field(found, "ResultObject", "BizCode"))

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
        once = new_id().hex
        params = {
            "SceneCode": "tongban",
            "MerchantBizId": once,
            # The vendor asks for a name of whoever asks; ours says nothing about anybody.
            "MerchantUserId": once,
            "UserAuthorization": _CONSENTED,
            "InfoVerifyType": "ENT_4META",
            "LicenseNo": uscc.value,
            "EntName": unit_name.value,
            "LegalPersonName": representative_name.value,
            "LegalPersonCertNo": representative_document.number,
        }
        found = _ask(*_UNITS, params, within)
        if isinstance(found, Answer):
            return found
        return _unit(_field(found, "Result", "BizCode"), found)

    def probe(self, *, within: float) -> None:
        """Ask both operations about nobody."""
        service = _service()
        for action, version in (_PERSONS, _UNITS):
            ask_nothing(
                partial(service.call, action, version, {}, done=_DONE, within=within / 2, repeatable=True, quiet=True)
            )


def _unit(code: str, found: Mapping[str, Any]) -> Answer:
    if code != CONSISTENT:
        return by_table(UNIT, code)
    if _field(found, "Result", "ReasonDetail"):
        return Answer.UNAVAILABLE  # "all consistent" with a list of what differs: not to be believed
    return in_business(_field(found, "Result", "Status"))


def _ask(action: str, version: str, params: Mapping[str, str], within: float) -> Mapping[str, Any] | Answer:
    """Return the vendor's object, or the answer where there is none."""
    try:
        return _service().call(action, version, params, done=_DONE, within=within, repeatable=True)
    except Refused as error:
        return Answer.NO_RECORD if error.reason in UNREADABLE else Answer.UNAVAILABLE
    except VendorError:
        return Answer.UNAVAILABLE


def _service() -> Alibaba:
    return Alibaba(
        settings.ALIBABA_KEY_ID,
        settings.ALIBABA_KEY_SECRET,
        settings.ALIBABA_CLOUDAUTH_ADDRESS,
        settings.VENDOR_PROXY,
    )


def _field(found: Mapping[str, Any], part: str, name: str) -> str:
    inner = found.get(part)
    return str(inner.get(name) or "") if isinstance(inner, dict) else ""
