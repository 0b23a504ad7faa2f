"""The two kinds of case this room opens: reasons, labels, and what the platform knows about each."""

from collections.abc import Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.accounts import queries as accounts
from tongban.accounts.models import Account, IdentityBinding
from tongban.accounts.rules import Realm
from tongban.design.labels import Text
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import Uscc
from tongban.recovery import queries
from tongban.recovery.drafts import filled_of, realm_of
from tongban.recovery.flows.apply_appeal import apply_appeal
from tongban.recovery.labels import LEGAL_FIELDS, LEGAL_SLOTS, NATURAL_FIELDS, NATURAL_SLOTS, readable
from tongban.recovery.rules import HAND_OVER, LEGAL_KIND, NATURAL_KIND, RELEASE, Answered
from tongban.review import queries as review
from tongban.review.kinds import Fact, Kind, Reason, register
from tongban.review.models import Case
from tongban.review.rules import Outcome
from tongban.vault.purposes import Purpose

_APPROVALS = (
    Reason(
        HAND_OVER,
        Outcome.APPROVE,
        _("本人或本单位，交还账号"),
        _("申诉已通过。为防止冒领，先通知账号原来的手机；等待期过后，设置新密码的链接发到您申诉时验证的手机。"),
    ),
    Reason(
        RELEASE,
        Outcome.APPROVE,
        _("身份被冒用，解除账号的绑定"),
        _("申诉已通过。冒用您身份的账号已解除绑定。请用自己的手机号码注册账号，再完成实名认证。"),
    ),
)
_RETURNS = (
    Reason(
        "unclear_picture",
        Outcome.RETURN,
        _("图片不清晰或不完整"),
        _("上传的图片不清晰或不完整。请在光线充足处重新拍摄，四角完整、文字清楚、没有反光，再重新上传。"),
    ),
    Reason(
        "entries_differ",
        Outcome.RETURN,
        _("填写内容与证件不一致"),
        _("填写的内容与图片中的证件或证照不一致。请核对后改正，或者重新上传。"),
    ),
    Reason(
        "expired",
        Outcome.RETURN,
        _("证件或证照已过有效期"),
        _("图片中的证件或证照已过有效期。请上传现行有效的证件或证照。"),
    ),
)
_LEGAL_RETURNS = (
    Reason(
        "letter_incomplete",
        Outcome.RETURN,
        _("授权书缺签字、盖章或日期"),
        _("授权书缺少法定代表人签字、单位公章或日期，或者经办人与填写的不一致。请用平台的授权书模板重新出具后上传。"),
    ),
    Reason(
        "renaming_needed",
        Outcome.RETURN,
        _("需要名称变更证明"),
        _("填写的单位名称与证照或者账号登记的名称不同。请补充登记机关出具的名称变更证明。"),
    ),
)
_REJECTIONS = (
    Reason(
        "no_account",
        Outcome.REJECT,
        _("没有对应的账号"),
        _("经核查，没有账号绑定您的证件或单位。请直接注册账号，再完成实名认证。"),
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
_ANSWERS: Mapping[Answered | None, tuple[str, Text]] = {
    Answered.MATCH: ("good", _("一致")),
    Answered.MISMATCH: ("bad", _("不一致")),
    Answered.NO_RECORD: ("wait", _("没有记录")),
    Answered.NOT_COVERED: ("info", _("没有可以核验这类证件或单位的机构")),
    None: ("info", _("尚未答复")),
}


def facts(case: Case) -> Sequence[Fact]:
    """Return what the platform knows about who an appeal is about and about the account it is for."""
    realm, filled = realm_of(case.kind), filled_of(review.last_submission(case).read(Purpose.REVIEW))
    kind, answer = _ANSWERS[queries.register_answer(case)]
    found = [Fact(_("核验机构的答复"), answer, kind)]
    found += _of_unit(filled) if realm is Realm.LEGAL else _of_person(filled)
    account = queries.account_meant(realm, filled)
    if account is not None:
        found += _of_account(account, Mobile.parse(filled["phone"]))
    releases = queries.earlier_releases(realm, filled)
    if releases:
        found.append(Fact(_("此前因冒用解除绑定"), gettext("%(times)s 次") % {"times": releases}, "bad"))
    return found


def _of_person(filled: Mapping[str, str]) -> list[Fact]:
    bindings = queries.bindings_meant(Realm.NATURAL, filled)
    if not bindings:
        return [Fact(_("绑定的账号"), _("没有账号绑定这个证件"), "bad")]
    (binding,) = bindings
    name = binding.name.reveal(Purpose.REVIEW) if binding.name else ""
    same = bool(name) and PersonName.parse(name).matching_key == PersonName.parse(filled["name"]).matching_key
    return [_bound(binding), _same(_("账号实名认证的姓名"), same)]


def _of_unit(filled: Mapping[str, str]) -> list[Fact]:
    found = []
    uscc, name = Uscc.parse(filled["uscc"]), UnitName.parse(filled["unit_name"])
    holder = accounts.holder_of_unit(uscc)
    if holder is not None:
        found += [_bound(holder), _same(_("账号实名认证的单位名称"), holder.unit_name_key == name.matching_key)]
    else:
        found.append(Fact(_("绑定的账号"), _("没有账号认证了这个统一社会信用代码"), "wait"))
        claims = queries.claims_to(uscc)
        found.append(
            Fact(
                _("只填写、未认证的账号"),
                "、".join(claim.account.login_name for claim in claims) or _("没有"),
                "info" if len(claims) == 1 else "bad",
            )
        )
    by_name = accounts.holder_of_unit_name(name)
    if by_name is not None and (holder is None or by_name.id != holder.id):
        found.append(
            Fact(_("同名单位"), gettext("账号 %(login_name)s 以另一个代码认证了这个名称") % _named(by_name), "bad")
        )
    return found


def _named(binding: IdentityBinding) -> dict[str, str]:
    return {"login_name": binding.account.login_name, "day": f"{binding.bound_at:%Y-%m-%d}"}


def _bound(binding: IdentityBinding) -> Fact:
    return Fact(_("绑定的账号"), gettext("%(login_name)s，%(day)s 实名认证") % _named(binding), "good")


def _same(label: Text, same: bool) -> Fact:
    return Fact(label, _("与申诉填写的一致") if same else _("与申诉填写的不一致"), "good" if same else "bad")


def _of_account(account: Account, phone: Mobile) -> Iterator[Fact]:
    old = accounts.phone_of(account, Purpose.REVIEW)
    yield Fact(_("账号最近使用"), str(account.last_used_on or _("注册后没有登录过")))
    yield Fact(_("账号现在的手机"), old.masked if old else _("没有"))
    others = accounts.accounts_with_phone(phone).exclude(id=account.id).count()
    if others:
        yield Fact(_("申诉的手机"), gettext("另有 %(others)s 个账号使用这个号码") % {"others": others}, "wait")


def _answer_url(case: Case) -> str:
    return reverse("recovery:status")


def register_kinds() -> None:
    """Let cases of both kinds be opened."""
    for name, title, returns, labels, slots in (
        (NATURAL_KIND, _("自然人申诉找回密码"), _RETURNS, NATURAL_FIELDS, NATURAL_SLOTS),
        (LEGAL_KIND, _("单位法人用户申诉找回密码"), (*_RETURNS, *_LEGAL_RETURNS), LEGAL_FIELDS, LEGAL_SLOTS),
    ):
        register(
            Kind(
                name=name,
                title=title,
                apply=apply_appeal,
                reasons=(*_APPROVALS, *returns, *_REJECTIONS),
                four_eyes=True,
                facts=facts,
                template="recovery/claimed.html",
                labels=labels,
                slots=slots,
                words=readable,
                answer_url=_answer_url,
            )
        )
