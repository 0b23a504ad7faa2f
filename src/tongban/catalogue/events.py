"""What this room writes into the audit log."""

from django.utils.translation import gettext_lazy as _

from tongban.audit.names import Name

LOADED = Name("catalogue:services:loaded", _("更新服务事项"))
