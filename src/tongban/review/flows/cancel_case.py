"""End a case without a decision: its person withdraws it, replaces it, or never answered."""

from uuid import UUID

from django.db import transaction

from tongban.audit.actors import Actor
from tongban.kernel import clock
from tongban.kernel.events import publish
from tongban.review import events, evidence, labels, queries
from tongban.review.history import write
from tongban.review.holding import end_claim, move
from tongban.review.models import Case, Proposal
from tongban.review.outcomes import CaseCancelled
from tongban.review.rules import OPEN, AssignmentEnd, CancelReason, CaseState, Happening, Settlement
from tongban.review.telling import tell


def cancel_case(*, actor: Actor, case_id: UUID, why: CancelReason = CancelReason.WITHDRAWN) -> Case:
    """End the case; its person is told `why`. Raises `CaseUnknown`, and `CaseMoved` when it has ended."""
    now = clock.now()
    with transaction.atomic():
        case = queries.case_to_change(case_id)
        move(case, at=OPEN, to=CaseState.CANCELLED, ended_at=now)
        end_claim(case, AssignmentEnd.CANCELLED)
        waiting = Proposal.objects.filter(case=case, settled_at__isnull=True)
        waiting.update(settled_at=now, settlement=Settlement.CANCELLED)
        evidence.store().erase_after(case.id, now)
        write(case, Happening.CANCELLED, events.CANCELLED, actor=actor, text=labels.CANCELLED[why])
        publish(CaseCancelled(case.id, case.kind))
        tell(case, f"case_{why}")
    return case
