"""What the audit trail says about this room."""

from django.utils.translation import gettext_lazy as _

from tongban.audit.names import Name

PASSWORD_RESET = Name("recovery:password:reset", _("凭登录名重置密码"))
CONTACT_ASKED = Name("recovery:contact:asked", _("查询单位联系人"))
