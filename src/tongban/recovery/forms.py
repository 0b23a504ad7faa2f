"""What people fill in to get back in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongban.accounts import sentences
from tongban.accounts.errors import PasswordRefused
from tongban.accounts.password_policy import check_new_password
from tongban.accounts.rules import Realm
from tongban.design import fields
from tongban.design.forms import Form
from tongban.recovery.queries import Claim

SEND_CODE = "send-code"


class LoginNameForm(Form):
    """登录名重置密码, first step."""

    login_name = fields.LoginNameField()
    human_check = fields.HumanCheckField()


class UnitCodeForm(Form):
    """查询单位联系人."""

    uscc = fields.UsccField()
    human_check = fields.HumanCheckField()


class NewPasswordForm(Form):
    """登录名重置密码, second step. Asks the same of everybody: what is needed of whom would tell who exists."""

    acts = {SEND_CODE: ("phone", "unit_name", "uscc", "human_check")}
    realm = Realm.NATURAL

    phone = fields.MobileField(label=_("预留手机号"), help_text=_("账号现在使用的手机号码。"))
    document_tail = fields.LineField(
        label=_("证件号码后六位"),
        required=False,
        max_length=32,
        help_text=_("只有超过半年没有使用的账号需要填写：实名认证时所用证件号码的最后六位。"),
    )
    password = fields.PasswordField(
        label=_("新密码"), new=True, help_text=_("至少 12 个字符，可以用一句只有您知道的话。")
    )
    code = fields.OneTimeCodeField(label=_("手机验证码"))

    def __init__(self, *args: Any, login_name: str, asks_human: bool, **kwargs: Any) -> None:
        """`asks_human`: the 验证码 of the step before has paid for a code already; the next one costs another."""
        super().__init__(*args, **kwargs)
        self.login_name = login_name
        if asks_human:
            self.ask_human()

    def ask_human(self) -> None:
        """Ask for a 验证码 before the next code is sent."""
        self.fields["human_check"] = fields.HumanCheckField(
            only_for=(SEND_CODE,), help_text=_("再次获取短信验证码之前，请输入图片中的字符。")
        )
        self.order_fields([*(name for name in self.fields if name not in {"human_check", "code"}), "human_check"])

    def claim(self) -> Claim:
        """Return what was said about the account; the form must be valid as far as it was needed."""
        typed = self.cleaned_data
        return Claim(
            realm=self.realm,
            login_name=self.login_name,
            phone=typed["phone"],
            unit_name=typed.get("unit_name"),
            uscc=typed.get("uscc"),
            document_tail=typed.get("document_tail", ""),
        )

    def clean(self) -> dict[str, Any]:
        """Hold the new password against the rules and what was typed beside it."""
        cleaned = super().clean() or self.cleaned_data
        password = cleaned.get("password")
        if password is not None and not self.act:
            known = (cleaned.get(name) for name in ("phone", "unit_name", "uscc"))
            context = [self.login_name, *(value.value for value in known if value)]
            try:
                check_new_password(password, realm=self.realm, context=context)
            except PasswordRefused as error:
                self.add_error("password", forms.ValidationError(sentences.sentence(error), code=error.code))
        return cleaned


class NewUnitPasswordForm(NewPasswordForm):
    """The same for units, which say who they are as well."""

    realm = Realm.LEGAL
    field_order = ("phone", "unit_name", "uscc", "document_tail")

    unit_name = fields.UnitNameField(help_text=_("与营业执照或登记证书上的名称一致。"))
    uscc = fields.UsccField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document_tail"].help_text = _(
            "只有超过半年没有使用的账号需要填写：实名认证时经办人或者法定代表人证件号码的最后六位。"
        )
