from django.utils.html import format_html

from tongban.design import fields, forms
from tongban.kernel.documents import DocumentKind


class LogInForm(forms.Form):
    login_name = fields.LoginNameField()
    password = fields.PasswordField()


class RegisterForm(forms.Form):
    acts = {"send-code": ("phone", "human_check")}

    login_name = fields.LoginNameField(help_text="4 至 64 个字符，可以是字母、数字或汉字。")
    password = fields.PasswordField(new=True, help_text="至少 12 个字符。可以用一句自己记得住的话。")
    phone = fields.MobileField(help_text="用来接收短信验证码和办理进度。")
    human_check = fields.HumanCheckField(only_for=("send-code",))
    code = fields.OneTimeCodeField()
    consent = fields.ConsentField(
        label="我已阅读并同意用户服务协议和隐私政策",
        help_text=format_html('<a href="{}">用户服务协议</a> · <a href="{}">隐私政策</a>', "#terms", "#privacy"),
    )


class UnitForm(forms.Form):
    blocks = (
        ("法人单位基本信息", ("unit_name", "uscc", "unit_type")),
        ("法人授权信息", ("agent_name", "agent_phone", "letter")),
        ("法定代表人信息", ("representative", "kind", "number", "abroad")),
    )

    unit_name = fields.UnitNameField()
    uscc = fields.UsccField()
    unit_type = fields.UnitTypeField()
    agent_name = fields.PersonNameField(label="经办人姓名")
    agent_phone = fields.MobileField(label="经办人手机号码")
    letter = fields.EvidenceField(label="授权书", help_text="加盖公章。", required=False)
    representative = fields.PersonNameField(label="法定代表人姓名")
    kind = fields.DocumentKindField(label="法定代表人证件类型", initial=DocumentKind.RESIDENT_ID)
    number = fields.DocumentNumberField(kind="kind", label="法定代表人证件号码")
    abroad = fields.ChoiceField(label="法定代表人现在何处", choices={"home": "在境内", "abroad": "在境外"})
