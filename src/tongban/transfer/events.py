"""What this room writes into the audit log."""

from django.utils.translation import gettext_lazy as _

from tongban.audit.names import Name

PASSWORDS_RETIRED = Name("transfer:passwords:retired", _("清除到期的原平台密码"))
