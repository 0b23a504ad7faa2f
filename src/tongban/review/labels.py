"""The visible names of states, outcomes and happenings: the desk, the person's pages and messages all say the same."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongban.design.labels import Text
from tongban.review.rules import CancelReason, CaseState, Happening, Outcome

STATES: Mapping[CaseState, Text] = {
    CaseState.SUBMITTED: _("待审核"),
    CaseState.IN_REVIEW: _("审核中"),
    CaseState.RETURNED: _("退回补正"),
    CaseState.AWAITING_SECOND: _("待复核"),
    CaseState.APPROVED: _("已通过"),
    CaseState.REJECTED: _("未通过"),
    CaseState.CANCELLED: _("已撤回"),
}
STATE_KINDS: Mapping[CaseState, str] = {
    CaseState.SUBMITTED: "info",
    CaseState.IN_REVIEW: "info",
    CaseState.RETURNED: "wait",
    CaseState.AWAITING_SECOND: "info",
    CaseState.APPROVED: "good",
    CaseState.REJECTED: "bad",
    CaseState.CANCELLED: "plain",
}
# What goes on inside the house is nothing to the person outside: for them a second opinion is still a review.
PUBLIC_STATES: Mapping[CaseState, Text] = {**STATES, CaseState.AWAITING_SECOND: _("审核中")}

OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.APPROVE: _("通过"),
    Outcome.RETURN: _("退回补正"),
    Outcome.REJECT: _("驳回"),
}

HAPPENINGS: Mapping[Happening, Text] = {
    Happening.SUBMITTED: pgettext_lazy("what happened to a case", "已提交"),
    Happening.CLAIMED: pgettext_lazy("what happened to a case", "开始审核"),
    Happening.HANDED_BACK: pgettext_lazy("what happened to a case", "退还待办"),
    Happening.EXPIRED: pgettext_lazy("what happened to a case", "超时未办，退还待办"),
    Happening.PROPOSED: pgettext_lazy("what happened to a case", "提出审核意见，待复核"),
    Happening.DECLINED: pgettext_lazy("what happened to a case", "复核未同意"),
    Happening.RETURNED: pgettext_lazy("what happened to a case", "退回补正"),
    Happening.ANSWERED: pgettext_lazy("what happened to a case", "已补正并重新提交"),
    Happening.APPROVED: pgettext_lazy("what happened to a case", "审核通过"),
    Happening.REJECTED: pgettext_lazy("what happened to a case", "审核未通过"),
    Happening.CANCELLED: pgettext_lazy("what happened to a case", "已撤回"),
    Happening.REOPENED: pgettext_lazy("what happened to a case", "重新审核"),
    Happening.ESCALATED: pgettext_lazy("what happened to a case", "转交高级审核员"),
    Happening.OVERDUE: pgettext_lazy("what happened to a case", "已超期"),
    Happening.RELATED: pgettext_lazy("what happened to a case", "审核员申请回避"),
    Happening.NOTED: pgettext_lazy("what happened to a case", "内部备注"),
    Happening.UNSTAFFED: pgettext_lazy("what happened to a case", "现有审核员都不能办理，已通知运维人员"),
}

# What the line of the history says besides 已撤回.
CANCELLED: Mapping[CancelReason, Text] = {
    CancelReason.WITHDRAWN: "",
    CancelReason.LAPSED: _("逾期未补正，办件自动结束。需要时可以重新提交。"),
    CancelReason.REPLACED: _("您重新提交了认证信息，原来的办件不再审核。"),
}
