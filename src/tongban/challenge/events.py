"""What the audit trail says about this room."""

from django.utils.translation import gettext_lazy as _

from tongban.audit.names import Name

CODE_ISSUED = Name("challenge:code:issued", _("发送短信验证码"))
CODE_REFUSED = Name("challenge:code:refused", _("短信验证码未通过"))
CODE_REDEEMED = Name("challenge:code:redeemed", _("短信验证码通过"))
