"""Carry out what a reviewer decided about a verification, in the transaction of the decision."""

from django.utils.translation import gettext_lazy as _

from tongban.accounts.errors import AlreadyBound
from tongban.accounts.flows import bind
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.kernel.assurance import AssuranceLevel
from tongban.proofing import events, queries
from tongban.proofing.flows.settle import bind_identity
from tongban.proofing.models import Proof, Verification
from tongban.proofing.rules import Result
from tongban.review.errors import ApplyRefused
from tongban.review.models import Case
from tongban.review.outcomes import DecisionView
from tongban.review.rules import Outcome

AUTHORITY = "review"
REVERSED = "review_reversed"


def apply_decision(case: Case, decision: DecisionView, actor: Actor) -> None:
    """Bind on approval, leave things as they are on a return, close the verification on rejection.

    An approval that is confirmed again after the case was reopened changes nothing; one that is reversed releases what
    it had bound. Raises `review.errors.ApplyRefused` when another account has the identity by now, and when what is in
    force would be sent back for correction: it is kept or reversed.
    """
    verification = queries.review_of_case(case.pk).verification
    if decision.outcome is Outcome.APPROVE:
        _approve(case, verification, actor)
    elif decision.outcome is Outcome.REJECT:
        _reject(case, verification, actor)
    elif _live_proof(verification) is not None:
        sentence = _("这次认证已经生效，不能退回补正。请维持通过；确有问题的请驳回，并说明需要重新提交的内容。")
        raise ApplyRefused(reason="in_force", sentence=sentence)


def _approve(case: Case, verification: Verification, actor: Actor) -> None:
    if _live_proof(verification) is not None:
        return
    if verification.entries is None or Proof.objects.filter(verification=verification).exists():
        raise ApplyRefused(
            reason="entries_gone", sentence=_("申请人填写的内容已经清除，请退回或驳回，由申请人重新提交。")
        )
    try:
        binding = bind_identity(verification, actor=actor, assurance=AssuranceLevel.REVIEWED)
    except AlreadyBound:
        sentence = _("这个证件或单位已由另一个账号完成实名认证。请驳回，并说明可以通过申诉处理。")
        raise ApplyRefused(reason="already_bound", sentence=sentence) from None
    Proof.objects.create(
        verification=verification,
        binding=binding,
        authority=AUTHORITY,
        assurance=AssuranceLevel.REVIEWED,
        proved_at=clock.now(),
    )
    _end(verification, Result.VERIFIED)
    record(events.REVIEWED, actor=actor, subject=verification.account_id, facts=_facts(case, verification))


def _reject(case: Case, verification: Verification, actor: Actor) -> None:
    proof = _live_proof(verification)
    if proof is not None:
        bind.release(actor=actor, binding=proof.binding, reason=REVERSED)
    _end(verification, Result.REJECTED)
    record(events.REVIEW_REJECTED, actor=actor, subject=verification.account_id, facts=_facts(case, verification))


def _live_proof(verification: Verification) -> Proof | None:
    live = Proof.objects.filter(verification=verification, binding__released_at__isnull=True)
    return live.select_related("binding").first()


def _end(verification: Verification, result: Result) -> None:
    verification.result = result
    verification.save(update_fields=["result"])


def _facts(case: Case, verification: Verification) -> dict[str, str | int]:
    return {"verification": str(verification.pk), "case": str(case.pk), "block": verification.block}
