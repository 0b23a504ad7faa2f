"""The kind of case in which people object to the suspension of their account."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongban.accounts.errors import NotSuspended
from tongban.accounts.flows.suspend_account import lift_suspension
from tongban.accounts.models import Account, Suspension
from tongban.audit.actors import Actor
from tongban.review.errors import ApplyRefused
from tongban.review.kinds import Kind, Reason, register
from tongban.review.models import Case
from tongban.review.outcomes import DecisionView
from tongban.review.rules import Outcome

NAME = "suspension_objection"
# Nothing is returned for correction: whoever cannot log in could not answer.
_REASONS = (
    Reason("restored", Outcome.APPROVE, _("异议成立，恢复使用"), _("经复核，您的异议成立，账号已恢复使用。")),
    Reason(
        "stands",
        Outcome.REJECT,
        _("异议不成立，维持暂停"),
        _("经复核，暂停使用的理由成立，维持暂停。您可以依法申请行政复议或者提起诉讼。"),
    ),
)


def _apply(case: Case, decision: DecisionView, actor: Actor) -> None:
    """Lift the suspension when the objection was approved; raises `ApplyRefused` when it was lifted already."""
    if decision.outcome is not Outcome.APPROVE:
        return
    account = Account.objects.get(id=UUID(str(case.account_id)))
    try:
        lift_suspension(
            actor=actor,
            account=account,
            reason=_("%(number)s：%(text)s") % {"number": case.number, "text": decision.text},
        )
    except NotSuspended:
        raise ApplyRefused(reason="not_suspended", sentence=_("这个账号已经恢复使用。请驳回。")) from None


def key_of(suspension: Suspension) -> str:
    """Return the key of the one case there is for a suspension."""
    return f"objection:{suspension.id}"


def register_kind() -> None:
    """Let objections be opened: two reviewers decide, neither of them the operator who suspended."""
    register(
        Kind(
            name=NAME,
            title=_("对暂停使用账号的异议"),
            apply=_apply,
            reasons=_REASONS,
            four_eyes=True,
            labels={"login_name": _("登录名"), "suspended_for": _("暂停使用的理由"), "reason": _("异议理由")},
        )
    )
