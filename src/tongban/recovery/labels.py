"""What appeals ask for, in the words of the forms: the pages, the review desk and the cases all say the same."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from tongban.accounts.rules import Realm
from tongban.design.labels import DOCUMENT_KINDS, UNIT_TYPES, Text, word

NATURAL_FIELDS: Mapping[str, Text] = {
    "name": _("姓名"),
    "document_kind": _("证件类型"),
    "document_number": _("证件号码"),
    "phone": _("手机号码"),
    "reason": _("申诉理由"),
}
LEGAL_FIELDS: Mapping[str, Text] = {
    "unit_name": _("单位名称"),
    "unit_type": _("单位类型"),
    "uscc": _("统一社会信用代码"),
    "representative_name": _("法定代表人姓名"),
    "document_kind": _("法定代表人证件类型"),
    "document_number": _("法定代表人证件号码"),
    "agent_name": _("经办人姓名"),
    "phone": _("经办人手机号码"),
    "reason": _("申诉理由"),
}
FIELDS = {Realm.NATURAL: NATURAL_FIELDS, Realm.LEGAL: LEGAL_FIELDS}
NATURAL_SLOTS: Mapping[str, Text] = {
    "front": _("证件正面"),
    "back": _("证件反面"),
    "holding": _("手持证件照"),
}
LEGAL_SLOTS: Mapping[str, Text] = {
    "front": _("证件正面"),
    "back": _("证件反面"),
    "licence": _("营业执照"),
    "letter": _("授权书"),
    "renaming": _("名称变更证明"),
}
SLOTS = {Realm.NATURAL: NATURAL_SLOTS, Realm.LEGAL: LEGAL_SLOTS}
OPTIONAL = frozenset({"renaming"})


_CODED: Mapping[str, Mapping[str, Text]] = {
    "document_kind": {kind.value: text for kind, text in DOCUMENT_KINDS.items()},
    "unit_type": {kind.value: text for kind, text in UNIT_TYPES.items()},
}


def readable(name: str, value: str) -> Text:
    """Return the value of a field as people read it."""
    return word(_CODED[name], value) if name in _CODED else value
