"""What this room writes into the audit log."""

from django.utils.translation import gettext_lazy as _

from tongban.audit.names import Name

LOADED = Name("site:notices:loaded", _("更新通知公告"))
