"""What the audit trail says about this room."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

CODE_ISSUED = Name("challenge:code:issued", pgettext_lazy("audit event", "发送短信验证码"))
CODE_REFUSED = Name("challenge:code:refused", pgettext_lazy("audit event", "短信验证码未通过"))
CODE_REDEEMED = Name("challenge:code:redeemed", pgettext_lazy("audit event", "短信验证码通过"))
