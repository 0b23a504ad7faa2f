"""What the audit trail says about this room."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

OFFERED = Name("mandates:mandate:offered", pgettext_lazy("audit event", "单位提出授权"))
REQUESTED = Name("mandates:mandate:requested", pgettext_lazy("audit event", "个人申请授权"))
BEGUN = Name("mandates:mandate:begun", pgettext_lazy("audit event", "授权生效"))
ENDED = Name("mandates:mandate:ended", pgettext_lazy("audit event", "授权结束，或者没有生效"))
