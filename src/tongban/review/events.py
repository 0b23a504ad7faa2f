"""What the audit trail says about this room."""

from django.utils.translation import pgettext_lazy

from tongban.audit.names import Name

OPENED = Name("review:case:opened", pgettext_lazy("audit event", "提交办件"))
CLAIMED = Name("review:case:claimed", pgettext_lazy("audit event", "领取办件"))
HANDED_BACK = Name("review:case:handed_back", pgettext_lazy("audit event", "退还办件"))
EXPIRED = Name("review:case:claim_expired", pgettext_lazy("audit event", "领取的办件超时未办"))
PROPOSED = Name("review:case:proposed", pgettext_lazy("audit event", "提出审核意见，待复核"))
DECLINED = Name("review:case:declined", pgettext_lazy("audit event", "复核未同意"))
DECIDED = Name("review:case:decided", pgettext_lazy("audit event", "作出审核决定"))
ANSWERED = Name("review:case:answered", pgettext_lazy("audit event", "补正后重新提交"))
CANCELLED = Name("review:case:cancelled", pgettext_lazy("audit event", "撤回办件"))
REOPENED = Name("review:case:reopened", pgettext_lazy("audit event", "重新审核"))
ESCALATED = Name("review:case:escalated", pgettext_lazy("audit event", "转交高级审核员"))
OVERDUE = Name("review:case:overdue", pgettext_lazy("audit event", "办件超期"))
RELATED = Name("review:case:relation_declared", pgettext_lazy("audit event", "申请回避"))
UNSTAFFED = Name("review:case:unstaffed", pgettext_lazy("audit event", "办件没有可以办理的审核员"))
NOTED = Name("review:case:noted", pgettext_lazy("audit event", "添加内部备注"))
REVEALED = Name("review:case:revealed", pgettext_lazy("audit event", "查看办件中的个人信息"))
FILE_VIEWED = Name("review:file:viewed", pgettext_lazy("audit event", "查看证明材料"))
EXPORTED = Name("review:cases:exported", pgettext_lazy("audit event", "导出办件清单"))
FORGOTTEN = Name("review:case:forgotten", pgettext_lazy("audit event", "清除已办结办件中的个人信息"))
CALENDAR_IMPORTED = Name("review:calendar:imported", pgettext_lazy("audit event", "导入工作日历"))
