"""Names of the room's own audit events."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

EXPORTED = Name("audit:trail:exported", pgettext_lazy("audit event", "导出审计事件"))
RETIRED = Name("audit:trail:retired", pgettext_lazy("audit event", "到期的审计事件归档后移出数据库"))
WORKER_PROBED = Name("audit:worker:probed", pgettext_lazy("audit event", "检查后台进程是否在封存事件"))
KEY_ROTATED = Name("audit:key:rotated", pgettext_lazy("audit event", "新增一把审计密钥，到时启用"))
