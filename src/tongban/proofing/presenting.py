"""How entries and results are shown: masked, under the labels of the form they came from."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from tongban.accounts.models import Account, LegalProfile
from tongban.accounts.queries import phone_of
from tongban.design.labels import DOCUMENT_KINDS, UNIT_TYPES, Text
from tongban.kernel.uscc import UnitType
from tongban.proofing.entries import Entries, PersonEntries, UnitEntries
from tongban.proofing.models import Verification
from tongban.proofing.nationalities import NATIONALITIES
from tongban.proofing.provinces import PROVINCES
from tongban.proofing.queries import State, VerificationStatus
from tongban.proofing.rules import Block, Result
from tongban.vault.purposes import Purpose

Row = tuple[Text, Text]


@dataclass(frozen=True, slots=True)
class Badge:
    """A status in words; `kind` as in the tag `status_tag`."""

    kind: str
    text: Text


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading; without one they belong to the page's own."""

    heading: Text
    rows: list[Row]


_BADGES: dict[State, Badge] = {
    State.NONE: Badge("plain", _("未实名认证")),
    State.CHECKING: Badge("wait", _("核验中")),
    State.MISMATCH: Badge("bad", _("信息不一致")),
    State.NO_RECORD: Badge("wait", _("暂未能核验")),
    State.CONFLICT: Badge("bad", _("已被其他账号认证")),
    State.REVIEW: Badge("wait", _("人工审核中")),
    State.RETURNED: Badge("bad", _("需要补正")),
    State.REJECTED: Badge("bad", _("未通过人工审核")),
    State.VERIFIED: Badge("good", _("已实名认证")),
}

_RESULTS: dict[str, Badge] = {
    "": Badge("wait", _("核验中")),
    Result.VERIFIED: Badge("good", _("已通过")),
    Result.MISMATCH: Badge("bad", _("信息不一致")),
    Result.NO_RECORD: Badge("wait", _("暂未能核验")),
    Result.NO_AUTHORITY: Badge("wait", _("暂未能核验")),
    Result.CONFLICT: Badge("bad", _("已被其他账号认证")),
    Result.SUPERSEDED: Badge("plain", _("已由新的提交取代")),
    Result.WITHDRAWN: Badge("plain", _("已撤回")),
    Result.REJECTED: Badge("bad", _("未通过人工审核")),
    Result.CORRECTED: Badge("wait", _("已更正，由人工审核")),
}

_ENTRIES_OF: dict[Block, list[Text]] = {
    Block.PERSON: [_("姓名"), _("证件类型"), _("证件号码")],
    Block.UNIT: [
        _("单位名称"),
        _("统一社会信用代码"),
        _("法定代表人姓名"),
        _("法定代表人证件类型"),
        _("法定代表人证件号码"),
    ],
    Block.AGENT: [_("经办人姓名"), _("经办人证件类型"), _("经办人证件号码")],
}


def account_rows(account: Account, status: VerificationStatus) -> list[Row]:
    """Return what the account itself is known by, and since when it is verified."""
    rows: list[Row] = [(_("登录名"), account.login_name)]
    if (phone := phone_of(account, Purpose.SHOW_MASKED)) is not None:
        rows.append((_("手机号码"), phone.masked))
    if status.verified_at is not None:
        rows.append((_("实名认证时间"), date_format(localtime(status.verified_at), "Y-m-d H:i")))
    return rows


def claims(profile: LegalProfile) -> list[Row]:
    """Return what a unit said about itself when it registered."""
    return [
        (_("单位名称"), profile.unit_name),
        (_("统一社会信用代码"), profile.uscc),
        (_("单位类型"), UNIT_TYPES[UnitType(profile.unit_type)]),
    ]


def badge(status: VerificationStatus) -> Badge:
    """Return the badge of the page's top right."""
    return _BADGES[status.state]


def result_badge(verification: Verification) -> Badge:
    """Return what became of one verification."""
    return _RESULTS[verification.result]


def entries_to_check(wrong: frozenset[Block]) -> list[Text]:
    """Return the labels of all entries of the blocks that did not match.

    Which single entry differs is not told, nor known: whoever tries out names for a stolen number must not be helped.
    """
    return [label for block in Block if block in wrong for label in _ENTRIES_OF[block]]


def sections(entries: Entries) -> list[Section]:
    """Return what was entered, personal data masked."""
    return _person(entries) if isinstance(entries, PersonEntries) else _unit(entries)


def _person(entries: PersonEntries) -> list[Section]:
    rows: list[Row] = [
        (_("姓名"), entries.name.masked),
        (_("证件类型"), DOCUMENT_KINDS[entries.document.kind]),
        (_("证件号码"), entries.document.masked),
    ]
    if entries.document.country:
        rows.append((_("国籍"), NATIONALITIES[entries.document.country]))
    return [Section("", rows)]


def _unit(entries: UnitEntries) -> list[Section]:
    unit: list[Row] = [
        (_("单位名称"), entries.unit_name.value),
        (_("统一社会信用代码"), entries.uscc.value),
        (_("单位类型"), UNIT_TYPES[entries.unit_type]),
    ]
    if entries.region:
        unit.append((_("行政区划"), PROVINCES[entries.region]))
    if entries.address:
        unit.append((_("注册地址"), entries.address))
    agent: list[Row] = [
        (_("经办人姓名"), entries.agent_name.masked),
        (_("经办人证件类型"), DOCUMENT_KINDS[entries.agent_document.kind]),
        (_("经办人证件号码"), entries.agent_document.masked),
        (_("经办人手机号码"), entries.agent_phone.masked),
    ]
    representative: list[Row] = [
        (_("法定代表人姓名"), entries.representative_name.masked),
        (_("法定代表人证件类型"), DOCUMENT_KINDS[entries.representative_document.kind]),
        (_("法定代表人证件号码"), entries.representative_document.masked),
    ]
    return [
        Section(_("法人单位基本信息"), unit),
        Section(_("法人授权信息"), agent),
        Section(_("法定代表人信息"), representative),
    ]
