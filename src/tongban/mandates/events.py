"""What the audit trail says about this room."""

from django.utils.translation import gettext_lazy as _

from tongban.audit.names import Name

OFFERED = Name("mandates:mandate:offered", _("单位提出授权"))
REQUESTED = Name("mandates:mandate:requested", _("个人申请授权"))
BEGUN = Name("mandates:mandate:begun", _("授权生效"))
ENDED = Name("mandates:mandate:ended", _("授权结束，或者没有生效"))
