"""Forms of the first log-in."""

from typing import Any

from django.utils.translation import gettext_lazy

from tongban.accounts.reading import CONSENT_LABEL, what_one_agrees_to
from tongban.design import fields
from tongban.design.forms import Form

SEND_CODE = "send-code"


class TermsForm(Form):
    """The consent that others give when they register."""

    consent = fields.ConsentField(label=CONSENT_LABEL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].help_text = what_one_agrees_to()


class PhoneForm(Form):
    """A code that was sent to the phone that came with the account."""

    acts = {SEND_CODE: ()}

    code = fields.OneTimeCodeField(help_text=gettext_lazy("点“获取验证码”后，请输入短信里的 6 位数字。"))
