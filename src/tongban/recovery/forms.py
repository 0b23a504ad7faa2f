"""What people fill in to get back in."""

from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tongban.accounts import sentences
from tongban.accounts.errors import PasswordRefused
from tongban.accounts.password_policy import check_new_password
from tongban.accounts.rules import Realm
from tongban.design import fields
from tongban.design.forms import Form
from tongban.kernel.documents import DocumentKind
from tongban.kernel.mobile import Mobile
from tongban.recovery.labels import FIELDS, LEGAL_FIELDS, LEGAL_SLOTS, NATURAL_SLOTS, SLOTS
from tongban.recovery.models import Appeal
from tongban.recovery.queries import Claim
from tongban.review import case_numbers
from tongban.review.errors import NumberMalformed

SEND_CODE = "send-code"


class LoginNameForm(Form):
    """登录名重置密码, first step."""

    login_name = fields.LoginNameField()
    human_check = fields.HumanCheckField()


class ObjectionForm(Form):
    """Why an account should not be suspended."""

    reason = fields.TextField(label=_("异议理由"), required_sentence=_("请写明为什么应当恢复使用。"))


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
    password = fields.PasswordField(label=_("新密码"), new=True)
    code = fields.OneTimeCodeField(label=_("手机验证码"))

    def __init__(self, *args: Any, login_name: str, asks_human: bool, **kwargs: Any) -> None:
        """`asks_human`: the 验证码 of the step before has paid for a code already; the next one costs another."""
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = sentences.password_hint(self.realm)
        self.login_name = login_name
        if asks_human:
            self.ask_human()

    def ask_human(self) -> None:
        """Ask for a 验证码 before the next code is sent."""
        self.fields["human_check"] = fields.HumanCheckField(
            only_for=(SEND_CODE,), help_text=_("再次获取短信验证码之前，请输入图片中的字符或音频中的数字。")
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


class UnitNameForm(Form):
    """单位法人用户申诉找回密码, first step."""

    unit_name = fields.UnitNameField(help_text=_("现在的全称，与营业执照或登记证书上的一致。"))
    human_check = fields.HumanCheckField()


class _AppealForm(Form):
    """What both kinds of appeal share. An `appeal` whose phone is proved needs no code for that phone again."""

    acts = {SEND_CODE: ("phone", "human_check")}
    realm: ClassVar[Realm]

    human_check = fields.HumanCheckField(
        only_for=(SEND_CODE,), help_text=_("点“获取验证码”之前，请输入图片中的字符或音频中的数字。")
    )
    code = fields.OneTimeCodeField(required=False)
    reason = forms.CharField(
        label=_("申诉理由"),
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("例如：手机号码已停用，想不起登录名。最多 500 个字。"),
        error_messages={
            "required": _("请输入申诉理由。"),
            "max_length": _("最多 %(limit_value)d 个字，您输入了 %(show_value)d 个。请缩短。"),
        },
    )

    def __init__(self, *args: Any, appeal: Appeal | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.appeal = appeal
        # The page would cut what is pasted; the sentence of the server says more.
        self.fields["reason"].widget.attrs.pop("maxlength", None)
        if appeal is not None and appeal.case_id is not None:
            self._correct()

    def _correct(self) -> None:
        """Answer a return: the phone stays what it was, and pictures handed in before stay unless replaced."""
        for name in ("phone", "human_check", "code"):
            del self.fields[name]
        for name, field in self.fields.items():
            if name in SLOTS[self.realm]:
                field.required = False
                field.help_text = format_lazy(_("{hint}上次提交的图片仍然有效，要更换时再上传。"), hint=field.help_text)

    def proved_or_typed(self) -> Mobile:
        """Return the phone of the appeal; the form must be valid."""
        if "phone" in self.fields:
            typed: Mobile = self.cleaned_data["phone"]
            return typed
        return Mobile.parse(self._proved())

    def needs_code(self) -> bool:
        """Return whether the phone has still to be proved; the form must be valid."""
        return self._proved() != self.proved_or_typed().value

    def _proved(self) -> str:
        return self.appeal.proved_phone() if self.appeal else ""

    def filled(self) -> dict[str, str]:
        """Return what was filled in, normalised, as texts under the names of the fields."""
        values = {name: self.cleaned_data[name] for name in FIELDS[self.realm] if name in self.cleaned_data}
        texts = {name: _text(value) for name, value in values.items()}
        return {**texts, "phone": self.proved_or_typed().value}

    def clean(self) -> dict[str, Any]:
        """Ask for the code unless the phone is proved."""
        cleaned = super().clean() or self.cleaned_data
        typed = cleaned.get("phone")
        # A phone that is missing or mistyped will need a code too, unless one was proved before.
        unproved = not self._proved() if typed is None else typed.value != self._proved()
        if (
            "code" in self.fields
            and unproved
            and not self.act
            and not cleaned.get("code")
            and "code" not in self.errors
        ):
            self.add_error("code", _("请输入短信验证码。"))
        return cleaned


def _text(value: Any) -> str:
    """Return the text of a value object, of a document its number."""
    return str(getattr(value, "number", getattr(value, "value", value)))


class NaturalAppealForm(_AppealForm):
    """自然人申诉找回密码."""

    realm = Realm.NATURAL
    blocks = (
        (_("本人信息"), ("name", "document_kind", "document_number")),
        (_("新的手机"), ("phone", "human_check", "code")),
        (_("证件照片"), ("front", "back", "holding")),
        (_("情况说明"), ("reason",)),
    )

    name = fields.PersonNameField(help_text=_("与证件上的姓名完全一致。"))
    document_kind = fields.DocumentKindField(initial=DocumentKind.RESIDENT_ID)
    document_number = fields.DocumentNumberField(kind="document_kind", help_text=_("可以带空格，字母大小写均可。"))
    phone = fields.MobileField(help_text=_("您现在使用的手机。申诉通过后，它就是账号的手机。"))
    front = fields.EvidenceField(label=NATURAL_SLOTS["front"], help_text=_("有照片的一面；护照请上传资料页。"))
    back = fields.EvidenceField(label=NATURAL_SLOTS["back"], help_text=_("护照没有反面的，请上传签发页或签名页。"))
    holding = fields.EvidenceField(
        label=NATURAL_SLOTS["holding"], help_text=_("本人手持证件正面，脸和证件上的字都看得清。")
    )


class LegalAppealForm(_AppealForm):
    """单位法人用户申诉找回密码, second step."""

    realm = Realm.LEGAL
    blocks = (
        (_("单位信息"), ("unit_type", "uscc")),
        (_("法定代表人"), ("representative_name", "document_kind", "document_number", "front", "back")),
        (_("经办人"), ("agent_name", "phone", "human_check", "code")),
        (_("单位证明"), ("licence", "letter", "renaming")),
        (_("情况说明"), ("reason",)),
    )

    unit_type = fields.UnitTypeField()
    uscc = fields.UsccField()
    representative_name = fields.PersonNameField(label=LEGAL_FIELDS["representative_name"])
    document_kind = fields.DocumentKindField(label=LEGAL_FIELDS["document_kind"], initial=DocumentKind.RESIDENT_ID)
    document_number = fields.DocumentNumberField(kind="document_kind", label=LEGAL_FIELDS["document_number"])
    front = fields.EvidenceField(label=LEGAL_SLOTS["front"], help_text=_("法定代表人证件有照片的一面。"))
    back = fields.EvidenceField(label=LEGAL_SLOTS["back"], help_text=_("法定代表人证件的另一面。"))
    agent_name = fields.PersonNameField(label=LEGAL_FIELDS["agent_name"], help_text=_("受单位授权办理申诉的人。"))
    phone = fields.MobileField(label=LEGAL_FIELDS["phone"], help_text=_("申诉通过后，它就是账号的手机。"))
    licence = fields.EvidenceField(label=LEGAL_SLOTS["licence"], help_text=_("营业执照或者登记证书。"))
    letter = fields.EvidenceField(
        label=LEGAL_SLOTS["letter"], help_text=_("用本页的模板，由法定代表人签字、加盖公章。")
    )
    renaming = fields.EvidenceField(
        label=LEGAL_SLOTS["renaming"], required=False, help_text=_("选填；单位更过名的，请上传登记机关出具的证明。")
    )


class StatusForm(Form):
    """申诉进度查询."""

    acts = {SEND_CODE: ("number", "phone", "human_check")}

    number = fields.LineField(label=_("办件编号"), max_length=64, help_text=_("以 TB 开头，在提交后的页面和短信里。"))
    phone = fields.MobileField(help_text=_("申诉时验证的手机号码。"))
    human_check = fields.HumanCheckField(
        only_for=(SEND_CODE,), help_text=_("点“获取验证码”之前，请输入图片中的字符或音频中的数字。")
    )
    code = fields.OneTimeCodeField()

    def clean_number(self) -> str:
        """Return the number in one writing; a mistyped one is told without looking anything up."""
        try:
            return case_numbers.parse(self.cleaned_data["number"])
        except NumberMalformed as error:
            raise forms.ValidationError(_("办件编号有误。请对照短信逐个字符核对。"), code=error.code) from error


class LinkForm(Form):
    """The new password of an approved appeal."""

    password = fields.PasswordField(label=_("新密码"), new=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The rules for units are the same.
        self.fields["password"].help_text = sentences.password_hint(Realm.NATURAL)
