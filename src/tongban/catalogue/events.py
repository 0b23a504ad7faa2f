"""What this room writes into the audit log."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

LOADED = Name("catalogue:services:loaded", pgettext_lazy("audit event", "更新服务事项"))
