"""Which pictures the manual path asks for, and how what was entered is read out at the review desk."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from tongban.accounts.rules import Realm
from tongban.design.labels import DOCUMENT_KINDS, UNIT_TYPES, Text, word
from tongban.proofing.entries import Entries, PersonEntries
from tongban.proofing.nationalities import NATIONALITIES
from tongban.proofing.provinces import PROVINCES

PERSON_KIND = "person_proofing"
UNIT_KIND = "unit_proofing"

PERSON_SLOTS: Mapping[str, Text] = MappingProxyType(
    {"front": _("证件正面"), "back": _("证件反面"), "holding": _("手持证件照")}
)
UNIT_SLOTS: Mapping[str, Text] = MappingProxyType(
    {
        "licence": _("营业执照或登记证书"),
        "letter": _("授权书"),
        "representative": _("法定代表人证件"),
        "renaming": _("名称变更证明"),
    }
)
OPTIONAL = frozenset({"holding", "renaming"})

PERSON_LABELS: Mapping[str, Text] = MappingProxyType(
    {
        "name": _("姓名"),
        "document_kind": _("证件类型"),
        "document_number": _("证件号码"),
        "nationality": _("国籍"),
    }
)
UNIT_LABELS: Mapping[str, Text] = MappingProxyType(
    {
        "unit_name": _("单位名称"),
        "uscc": _("统一社会信用代码"),
        "unit_type": _("单位类型"),
        "region": _("行政区划"),
        "address": _("注册地址"),
        "representative_name": _("法定代表人姓名"),
        "representative_document_kind": _("法定代表人证件类型"),
        "representative_document_number": _("法定代表人证件号码"),
        "agent_name": _("经办人姓名"),
        "agent_document_kind": _("经办人证件类型"),
        "agent_document_number": _("经办人证件号码"),
        "agent_phone": _("经办人手机号码"),
    }
)
_CODED: Mapping[str, Mapping[str, Text]] = MappingProxyType(
    {
        "document_kind": {kind.value: text for kind, text in DOCUMENT_KINDS.items()},
        "unit_type": {kind.value: text for kind, text in UNIT_TYPES.items()},
        "region": PROVINCES,
        "nationality": NATIONALITIES,
    }
)


def slots_of(realm: str) -> Mapping[str, Text]:
    """Return the slots of an account of `realm` with what they show, in the order of the page."""
    return UNIT_SLOTS if realm == Realm.LEGAL else PERSON_SLOTS


def kind_of(realm: str) -> str:
    """Return the kind of case an account of `realm` opens."""
    return UNIT_KIND if realm == Realm.LEGAL else PERSON_KIND


def handed_in(entries: Entries) -> dict[str, str]:
    """Return what was entered, for a case: choices as their codes, whatever language the forms were in."""
    return {name: value for name, value in entries.as_fields().items() if value}


def words(name: str, value: str) -> Text:
    """Return what was handed in, in the words of the forms: what a reviewer compares with the pictures."""
    for coded, texts in _CODED.items():
        if name.endswith(coded):
            return word(texts, value)
    return value


def subjects(entries: Entries) -> dict[str, str]:
    """Return what the case is about, so that other cases about the same are found."""
    if isinstance(entries, PersonEntries):
        return {"document": f"{entries.document.kind}:{entries.document.number}"}
    agent = entries.agent_document
    return {"unit": entries.uscc.value, "document": f"{agent.kind}:{agent.number}"}
