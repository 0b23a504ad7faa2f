"""What people fill in: registering, logging in, changing password and phone."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.accounts import sentences
from tongban.accounts.errors import LoginNameRefused, PasswordRefused
from tongban.accounts.labels import RESETS
from tongban.accounts.password_policy import check_new_password
from tongban.accounts.reading import CONSENT_LABEL, what_one_agrees_to
from tongban.accounts.rules import InvitationKind, Realm, login_names, totp
from tongban.accounts.rules.passkeys import LONGEST_ANSWER
from tongban.design import fields, widgets
from tongban.design.forms import Form
from tongban.design.labels import Text
from tongban.kernel import normalise

SEND_CODE = "send-code"
_AGAIN = gettext_lazy("请输入确认密码。")


class LogInForm(Form):
    """登录名 and 密码, and a 验证码 once it is asked for."""

    login_name = fields.LoginNameField()
    password = fields.PasswordField()

    def __init__(self, *args: Any, asks_human: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_human or "human_check" in self.data:
            self.ask_human()

    def ask_human(self) -> None:
        """Show a 验证码, now or on the page that comes back."""
        self.fields.setdefault("human_check", fields.HumanCheckField(required=False))


class _AnswerInput(forms.HiddenInput):
    """Never gives an answer back: it counted, or never will."""

    def format_value(self, value: Any) -> None:
        """Return nothing."""


class _PasskeyField(forms.Field):
    """What the browser answered for a passkey, as JSON. Cleans to str; nobody types it."""

    widget = _AnswerInput

    def to_python(self, value: Any) -> str:
        """Read nothing that is longer than an answer can be."""
        return value if isinstance(value, str) and len(value) <= LONGEST_ANSWER else ""


class SecondFactorForm(Form):
    """动态验证码: what the authenticator app shows now; or a passkey, which fills its answer in by itself."""

    code = fields.LineField(
        label=gettext_lazy("动态验证码"),
        help_text=gettext_lazy("验证器应用现在显示的 6 位数字。"),
        widget=widgets.TextInput(mono=True, autocomplete="one-time-code", inputmode="numeric"),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.passkey = str((data or {}).get("passkey", ""))
        if self.passkey:
            self.fields["code"].required = False

    def clean_code(self) -> str:
        """Return the digits without the space that apps put between them."""
        code = normalise.identifier(self.cleaned_data["code"])
        if self.passkey:
            return ""
        if not (code.isascii() and code.isdigit() and len(code) == totp.DIGITS):
            raise forms.ValidationError(_("动态验证码是 6 位数字。请核对后重新输入。"), code="shape")
        return code


class NewPasskeyForm(Form):
    """What a new passkey is to be called, and the browser's answer."""

    name = fields.LineField(
        label=gettext_lazy("名称"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("方便您以后认出它，例如“办公室电脑”或者“蓝色安全钥匙”。"),
    )
    passkey = _PasskeyField(required=False)

    def clean(self) -> dict[str, Any]:
        """Say at the top that a field is empty which nobody sees."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("passkey"):
            self.add_error(None, _("浏览器没有创建通行密钥。请再点一次按钮。"))
        return cleaned


class ChoosePasswordForm(Form):
    """A new password of an account in `realm`, twice, without the old one."""

    password = fields.PasswordField(label=gettext_lazy("新密码"), new=True)
    password_again = fields.PasswordField(label=gettext_lazy("确认密码"), new=True, required_sentence=_AGAIN)

    def __init__(self, *args: Any, realm: Realm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = sentences.password_hint(realm)

    def clean_password_again(self) -> str:
        """Compare with the new password."""
        return _same_password(self.cleaned_data)


class ReasonForm(Form):
    """Why an operator does it."""

    reason = fields.TextField(label=gettext_lazy("理由"), required_sentence=gettext_lazy("请填写理由。"))


class SuspendForm(ReasonForm):
    """Why an account is suspended: its owner reads that."""

    reason = fields.TextField(
        label=gettext_lazy("理由"),
        required_sentence=gettext_lazy("请填写理由。"),
        help_text=gettext_lazy("账号的主人登录时会读到这段话。请写明事实和依据，不要写他人的个人信息。"),
    )


class ResetForm(ReasonForm):
    """Which credential of a colleague is to be replaced, and why."""

    what = fields.ChoiceField(
        label=gettext_lazy("重置什么"),
        choices=RESETS,
        coerce=InvitationKind,
        required_sentence=gettext_lazy("请选择重置什么。"),
        error_messages={"invalid_choice": gettext_lazy("请从列表中选择重置什么。")},
    )
    field_order = ("what", "reason")


class FindAccountForm(Form):
    """By what an operator finds an account."""

    by = fields.ChoiceField(
        label=gettext_lazy("按什么查找"),
        choices={},
        required_sentence=gettext_lazy("请选择按什么查找。"),
        error_messages={"invalid_choice": gettext_lazy("请从列表中选择按什么查找。")},
    )
    value = fields.LineField(label=gettext_lazy("内容"), error_messages={"required": gettext_lazy("请输入内容。")})

    def __init__(self, *args: Any, ways: Mapping[str, Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by = self.fields["by"]
        by.choices = list(ways.items())  # type: ignore[attr-defined]  # the field is a choice
        by.initial = next(iter(ways))


class _RegisterForm(Form):
    """What both kinds of registration share. The rules of names and passwords are asked before the code is spent."""

    acts = {SEND_CODE: ("phone", "human_check")}
    realm: ClassVar[Realm]

    login_name = fields.LoginNameField(
        help_text=gettext_lazy("4 到 32 个字符，可以用汉字、字母、数字、下划线、短横线、点和 @；也可以用您的手机号码。")
    )
    password = fields.PasswordField(new=True)
    password_again = fields.PasswordField(label=gettext_lazy("确认密码"), new=True, required_sentence=_AGAIN)
    phone = fields.MobileField(help_text=gettext_lazy("用于接收短信验证码、找回密码和重要通知。"))
    human_check = fields.HumanCheckField(
        only_for=(SEND_CODE,), help_text=gettext_lazy("点“获取验证码”之前，请输入图片中的字符或音频中的数字。")
    )
    code = fields.OneTimeCodeField()
    consent = fields.ConsentField(label=CONSENT_LABEL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = sentences.password_hint(self.realm)
        self.fields["consent"].help_text = what_one_agrees_to()

    def clean(self) -> dict[str, Any]:
        """Check what depends on several fields."""
        cleaned = super().clean() or self.cleaned_data
        if self.act:
            return cleaned
        password = cleaned.get("password")
        if password is not None and cleaned.get("password_again") not in {None, password}:
            self.add_error("password_again", _("两次输入的密码不一致。请重新输入。"))
        self._check_login_name(cleaned)
        if password is not None:
            self._check_password(password, cleaned)
        return cleaned

    def _check_login_name(self, cleaned: dict[str, Any]) -> None:
        """Say all that can be said: what belongs to a name's owner alone can be judged with a phone only."""
        name, phone = cleaned.get("login_name"), cleaned.get("phone")
        if not name:
            return
        try:
            if phone is None:
                login_names.check_writing(name)
            else:
                login_names.check(name, phone=phone, uscc=cleaned.get("uscc"))
        except LoginNameRefused as error:
            self.add_error("login_name", forms.ValidationError(sentences.sentence(error), code=error.code))

    def _check_password(self, password: str, cleaned: dict[str, Any]) -> None:
        known = (cleaned.get(name) for name in ("login_name", "phone", "unit_name", "uscc"))
        context = [getattr(value, "value", value) for value in known if value]
        try:
            check_new_password(password, realm=self.realm, context=context)
        except PasswordRefused as error:
            self.add_error("password", forms.ValidationError(sentences.sentence(error), code=error.code))


class RegisterNaturalForm(_RegisterForm):
    """自然人注册."""

    realm = Realm.NATURAL


class RegisterLegalForm(_RegisterForm):
    """单位用户（法人）注册. Without a login name of its own the account takes the unit's code."""

    realm = Realm.LEGAL
    field_order = ("login_name", "password", "password_again", "unit_name", "uscc", "unit_type", "contact_name")

    login_name = fields.LoginNameField(
        required=False, help_text=gettext_lazy("不填则用统一社会信用代码作登录名。也可以自己取：4 到 32 个字符。")
    )
    unit_name = fields.UnitNameField(help_text=gettext_lazy("与营业执照或登记证书上的名称一致。"))
    uscc = fields.UsccField()
    unit_type = fields.UnitTypeField()
    contact_name = fields.PersonNameField(label=gettext_lazy("联系人姓名"))

    def clean(self) -> dict[str, Any]:
        """Let the code stand in for a login name that was left out."""
        if not self.cleaned_data.get("login_name") and self.cleaned_data.get("uscc"):
            self.cleaned_data["login_name"] = self.cleaned_data["uscc"].value
        return super().clean()


class ChangePasswordForm(Form):
    """The current password and, twice, the new one."""

    current = fields.PasswordField(label=gettext_lazy("当前密码"))
    password = fields.PasswordField(label=gettext_lazy("新密码"), new=True)
    password_again = fields.PasswordField(label=gettext_lazy("确认密码"), new=True, required_sentence=_AGAIN)

    def __init__(self, *args: Any, realm: Realm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = sentences.password_hint(realm)

    def clean_password_again(self) -> str:
        """Compare with the new password."""
        return _same_password(self.cleaned_data)


class ConfirmOwnerForm(Form):
    """First step of a new phone: the password, and a code to the phone the account has."""

    acts = {SEND_CODE: ()}

    password = fields.PasswordField(keep=True)
    code = fields.OneTimeCodeField()


class NewPhoneForm(Form):
    """Second step: the new phone and a code to it."""

    acts = {SEND_CODE: ("phone",)}

    phone = fields.MobileField()
    code = fields.OneTimeCodeField()


def _same_password(cleaned: Mapping[str, Any]) -> str:
    """Return the password that was typed twice."""
    again: str = cleaned["password_again"]
    if cleaned.get("password") not in {None, again}:
        raise forms.ValidationError(_("两次输入的密码不一致。请重新输入。"), code="different")
    return again
