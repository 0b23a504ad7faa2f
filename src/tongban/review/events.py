"""What the audit trail says about this room."""

from django.utils.translation import gettext_lazy as _

from tongban.audit.names import Name

OPENED = Name("review:case:opened", _("提交办件"))
CLAIMED = Name("review:case:claimed", _("领取办件"))
HANDED_BACK = Name("review:case:handed_back", _("退还办件"))
EXPIRED = Name("review:case:claim_expired", _("领取的办件超时未办"))
PROPOSED = Name("review:case:proposed", _("提出审核意见，待复核"))
DECLINED = Name("review:case:declined", _("复核未同意"))
DECIDED = Name("review:case:decided", _("作出审核决定"))
ANSWERED = Name("review:case:answered", _("补正后重新提交"))
CANCELLED = Name("review:case:cancelled", _("撤回办件"))
REOPENED = Name("review:case:reopened", _("重新审核"))
ESCALATED = Name("review:case:escalated", _("转交高级审核员"))
OVERDUE = Name("review:case:overdue", _("办件超期"))
RELATED = Name("review:case:relation_declared", _("申请回避"))
UNSTAFFED = Name("review:case:unstaffed", _("办件没有可以办理的审核员"))
NOTED = Name("review:case:noted", _("添加内部备注"))
REVEALED = Name("review:case:revealed", _("查看办件中的个人信息"))
FILE_VIEWED = Name("review:file:viewed", _("查看证明材料"))
EXPORTED = Name("review:cases:exported", _("导出办件清单"))
FORGOTTEN = Name("review:case:forgotten", _("清除已办结办件中的个人信息"))
CALENDAR_IMPORTED = Name("review:calendar:imported", _("导入工作日历"))
