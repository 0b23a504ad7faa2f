"""What this room writes into the audit log."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

LOADED = Name("site:notices:loaded", pgettext_lazy("audit event", "更新通知公告"))
