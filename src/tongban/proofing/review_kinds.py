"""The two kinds of case this room opens: reasons, labels, and what the platform knows about each."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.accounts import queries as accounts
from tongban.accounts.models import IdentityBinding
from tongban.proofing import presenting, queries, slots
from tongban.proofing.entries import Entries, PersonEntries
from tongban.proofing.flows.apply_decision import apply_decision
from tongban.proofing.models import Verification
from tongban.proofing.rules import Answer, Block, Result
from tongban.review.kinds import Fact, Kind, Reason, register
from tongban.review.models import Case
from tongban.review.rules import Outcome
from tongban.vault.purposes import Purpose

_COMMON = (
    Reason(
        "unclear_picture",
        Outcome.RETURN,
        _("图片不清晰或不完整"),
        _("上传的图片不清晰或不完整。请在光线充足处重新拍摄，四角完整、文字清楚、没有反光，再重新上传。"),
    ),
    Reason(
        "wrong_picture",
        Outcome.RETURN,
        _("图片与要求不符"),
        _("上传的图片与该项要求不符。请对照每一项的说明重新上传。"),
    ),
    Reason(
        "entries_differ",
        Outcome.RETURN,
        _("填写内容与证件不一致"),
        _(
            "填写的内容与图片中的证件或证照不一致。请核对：图片有误的，重新上传；填写有误的，请更正填写的内容，再重新提交。"
        ),
    ),
    Reason(
        "expired",
        Outcome.RETURN,
        _("证件或证照已过有效期"),
        _("图片中的证件或证照已过有效期。请上传现行有效的证件或证照。"),
    ),
)
_REJECTIONS = (
    Reason(
        "taken",
        Outcome.REJECT,
        _("身份已由其他账号认证"),
        _("这个证件或单位已由另一个账号完成实名认证。如果那个账号不是您或本单位的，请通过申诉找回。"),
    ),
    Reason(
        "not_genuine",
        Outcome.REJECT,
        _("材料不真实"),
        _("经审核，提交的材料不能证明您的身份。对结果有异议的，可以拨打页脚的技术咨询电话提出。"),
    ),
    Reason(
        "not_entitled",
        Outcome.REJECT,
        _("不是本人或没有单位授权"),
        _("经审核，提交的材料不能证明您就是证件上的人，或者已得到单位的授权。请由本人或单位授权的经办人重新提交。"),
    ),
)
_PERSON_REASONS = (
    Reason(
        "confirmed",
        Outcome.APPROVE,
        _("材料齐全，与填写内容一致"),
        _("您提交的材料已经人工审核，实名认证通过。"),
    ),
    *_COMMON,
    *_REJECTIONS,
)
_UNIT_REASONS = (
    Reason(
        "confirmed",
        Outcome.APPROVE,
        _("材料齐全，与填写内容一致"),
        _("贵单位提交的材料已经人工审核，实名认证通过。"),
    ),
    *_COMMON,
    Reason(
        "letter_incomplete",
        Outcome.RETURN,
        _("授权书缺签字、盖章或日期"),
        _("授权书缺少法定代表人签字、单位公章或日期，或者经办人与填写的不一致。请使用平台的授权书模板重新出具后上传。"),
    ),
    Reason(
        "renaming_needed",
        Outcome.RETURN,
        _("需要名称变更证明"),
        _("填写的单位名称与证照或登记信息不同。请补充登记机关出具的名称变更证明。"),
    ),
    *_REJECTIONS,
)
_ANSWERS = {
    Answer.MATCH: ("good", _("一致")),
    Answer.MISMATCH: ("bad", _("不一致")),
    Answer.NO_RECORD: ("wait", _("没有记录")),
}
_BLOCKS = {Block.PERSON: _("本人信息"), Block.UNIT: _("单位和法定代表人信息"), Block.AGENT: _("经办人信息")}


def facts(case: Case) -> Sequence[Fact]:
    """Return what the platform knows about the verification a case is about: nothing that names anybody else."""
    verification = queries.review_of_case(case.pk).verification
    entries = queries.entries_of(verification, Purpose.REVIEW)
    return [
        *_answers(verification),
        *([] if entries is None else _others(verification, entries)),
        *_history(verification),
    ]


def _answers(verification: Verification) -> list[Fact]:
    known = [
        Fact(gettext("核验机构对%(block)s的答复") % {"block": _BLOCKS[Block(row.block)]}, text, kind)
        for row in verification.answers.order_by("block")
        for kind, text in [_ANSWERS[Answer(row.answer)]]
    ]
    if known:
        return known
    if verification.result == Result.CORRECTED:
        return [Fact(_("核验机构的答复"), _("更正后还没有得到答复"), "info")]
    return [Fact(_("核验机构的答复"), _("没有可以核验这类证件或单位的机构"), "info")]


def _others(verification: Verification, entries: Entries) -> list[Fact]:
    holders = _holders(entries)
    if any(holder.account_id != verification.account_id for holder in holders):
        return [Fact(_("其他账号"), _("这个证件或单位已由另一个账号完成实名认证"), "bad")]
    return [Fact(_("其他账号"), _("没有其他账号认证了这个证件或单位"), "good")]


def _holders(entries: Entries) -> list[IdentityBinding]:
    if isinstance(entries, PersonEntries):
        found = [accounts.holder_of_document(entries.document)]
    else:
        found = [accounts.holder_of_unit(entries.uscc), accounts.holder_of_unit_name(entries.unit_name)]
    return [holder for holder in found if holder is not None]


def _history(verification: Verification) -> list[Fact]:
    account = verification.account
    earlier = queries.history(account).exclude(pk=verification.pk).filter(submitted_at__lte=verification.submitted_at)
    told = [
        Fact(
            gettext("此前的认证（%(day)s）") % {"day": _day(row.submitted_at)},
            presenting.result_badge(row).text,
            "bad" if row.result in {Result.CONFLICT, Result.REJECTED} else "plain",
        )
        for row in earlier[:5]
    ]
    standing = queries.status(account)
    return [
        Fact(_("账号注册日期"), _day(account.created_at)),
        Fact(_("账号目前"), _("已实名认证，本次为变更") if standing.is_verified else _("未实名认证")),
        *told,
    ]


def _day(at: datetime) -> str:
    return date_format(localtime(at), "Y-m-d")


def _answer_url(case: Case) -> str:
    return reverse("proofing:evidence")


def register_kinds() -> None:
    """Let cases of both kinds be opened."""
    register(
        Kind(
            name=slots.PERSON_KIND,
            title=_("自然人实名认证人工审核"),
            apply=apply_decision,
            reasons=_PERSON_REASONS,
            facts=facts,
            labels=slots.PERSON_LABELS,
            slots=slots.PERSON_SLOTS,
            words=slots.words,
            answer_url=_answer_url,
        )
    )
    register(
        Kind(
            name=slots.UNIT_KIND,
            title=_("法人实名认证人工审核"),
            apply=apply_decision,
            reasons=_UNIT_REASONS,
            facts=facts,
            labels=slots.UNIT_LABELS,
            slots=slots.UNIT_SLOTS,
            words=slots.words,
            answer_url=_answer_url,
        )
    )
