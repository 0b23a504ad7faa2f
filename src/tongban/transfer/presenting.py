"""What the owner of a brought-over account is told: what came over, what did not, what is next."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.accounts.models import Account
from tongban.accounts.queries import phone_of
from tongban.accounts.rules import Realm
from tongban.design import menus
from tongban.transfer.queries import Progress
from tongban.transfer.rules import Outcome
from tongban.vault.purposes import Purpose

Text = str | Promise

_WHAT_HAPPENED: dict[str, Text] = {
    Outcome.E1: gettext_lazy("您单位的账号转为本平台的法人账号，登录名仍是统一社会信用代码。"),
    Outcome.E3: gettext_lazy(
        "您单位的统一社会信用代码已被本平台的另一个法人账号用作登录名，所以转来的法人账号在前面加了“HJ_”。"
        "哪一个账号代表单位，以实名认证为准。"
    ),
    Outcome.E4: gettext_lazy(
        "您单位在本平台已有实名认证的法人账号，所以转来的账号成为您个人的自然人账号。"
        "实名认证并确认手机号码后，就可以代单位办理高企认定和科小企评价。"
    ),
    Outcome.P1: gettext_lazy("您的账号转为本平台的自然人账号，登录名仍是手机号码。"),
    Outcome.P3: gettext_lazy("您的手机号码已被本平台的另一个自然人账号用作登录名，所以转来的账号在前面加了“HJ_”。"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: why, whether it is done, and where."""

    title: Text
    text: Text
    is_done: bool
    url: str
    label: Text


def what_came(account: Account, progress: Progress) -> list[tuple[Text, Text]]:
    """Return what was brought over, as rows of name and value."""
    phone = phone_of(account, Purpose.SHOW_MASKED)
    return [
        (_("原平台"), _("火炬中心业务办理平台")),
        (_("登录名"), account.login_name),
        (_("账号种类"), _("法人账号") if account.realm == Realm.LEGAL else _("自然人账号")),
        (_("密码"), _("转移时不变；您在这里修改以后，以新密码为准")),
        (_("手机号码"), phone.masked if phone else ""),
        (_("转移结果"), _WHAT_HAPPENED[progress.legacy.outcome]),
    ]


def what_did_not_come(account: Account) -> list[Text]:
    """Return what stayed on the legacy platform."""
    return [
        _("原平台的实名和审核结果：需要在本平台重新完成一次实名认证。"),
        _("办件、申报材料和附件：仍在原平台保存和查询。"),
        _("对服务协议和个人信息告知书的同意：您还没有向本平台作出过。"),
    ]


def steps(account: Account, progress: Progress) -> Iterator[Step]:
    """Yield what there is to do, in the order that makes sense; only the first is a must."""
    yield Step(_("同意服务协议"), _("同意之后，才会处理您的信息。"), progress.has_accepted_terms, "", "")
    yield Step(
        _("确认手机号码"),
        _("向转来的手机号码发一条短信验证码，确认它现在还归您使用。以后找回密码、接收通知都用它。"),
        progress.has_proved_phone,
        reverse("transfer:phone"),
        _("去确认手机号码"),
    )
    yield Step(
        _("实名认证"),
        _("认证通过后，单位就可以进入业务系统。") if account.realm == Realm.LEGAL else _("核验您的姓名和证件。"),
        progress.is_verified,
        menus.address("proofing:profile"),
        _("去实名认证"),
    )
