"""Decide a case: approve, return for correction, or reject.

Where four eyes are asked for, the first reviewer only proposes an approval or a rejection. The decision, what follows
from it in the room that owns the kind, the message to the person and the audit event commit together or not at all.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.kernel import clock
from tongban.kernel.events import publish
from tongban.review import events, evidence, kinds, queries
from tongban.review.errors import CaseMoved
from tongban.review.history import write
from tongban.review.holding import end_claim, move, must_hold
from tongban.review.models import Case, Decision, Proposal
from tongban.review.outcomes import CaseDecided, DecisionView
from tongban.review.permits import must_be_allowed
from tongban.review.rules import SETTLED_AS, STATE_AFTER, AssignmentEnd, CaseState, Happening, Outcome, Settlement
from tongban.review.telling import tell
from tongban.review.working_days import today
from tongban.vault.purposes import Purpose

_MESSAGES = {Outcome.APPROVE: "case_approved", Outcome.RETURN: "case_returned", Outcome.REJECT: "case_rejected"}


def decide(*, reviewer: Account, case_id: UUID, round: int, reason: str, text: str) -> Decision | Proposal:  # noqa: A002 - the word of the model
    """Decide round `round` of the case for `reason`, whose outcome it is; `text` is what the person reads.

    Returns the decision, or the proposal that somebody else must confirm. Raises `CaseUnknown`, `ReasonUnknown`,
    `NotAllowed`, `NotHolder`, `ApplyRefused`, and `CaseMoved` when the round has been decided.
    """
    with transaction.atomic():
        case = _in_round(case_id, round, CaseState.IN_REVIEW)
        must_be_allowed(reviewer, case)
        must_hold(reviewer, case)
        kind = kinds.kind(case.kind)
        outcome = kind.reason(reason).outcome
        if kind.four_eyes and outcome is not Outcome.RETURN:
            return _propose(reviewer, case, reason=reason, outcome=outcome, text=text)
        said = Proposal(case=case, round=round, outcome=outcome, reason=reason, text=text, proposed_by=reviewer)
        return _settle(case, said, at=CaseState.IN_REVIEW)


def confirm(*, reviewer: Account, case_id: UUID, round: int) -> Decision:  # noqa: A002
    """Confirm what somebody else proposed for the round; that decides it. Raises as `decide`."""
    with transaction.atomic():
        case, proposal = _proposed(reviewer, case_id, round)
        _end(proposal, Settlement.CONFIRMED, by=reviewer)
        return _settle(case, proposal, at=CaseState.AWAITING_SECOND, confirmed_by=reviewer)


def decline(*, reviewer: Account, case_id: UUID, round: int, note: str) -> None:  # noqa: A002
    """Disagree with what somebody else proposed; `note` says why. Then a senior decides. Raises as `decide`."""
    with transaction.atomic():
        case, proposal = _proposed(reviewer, case_id, round)
        _end(proposal, Settlement.DECLINED, by=reviewer)
        move(case, at=(CaseState.AWAITING_SECOND,), to=CaseState.SUBMITTED, senior_only=True)
        end_claim(case, AssignmentEnd.DECIDED)
        write(case, Happening.DECLINED, events.DECLINED, actor=_actor(reviewer), by=reviewer, text=note)


def _in_round(case_id: UUID, round_number: int, state: CaseState) -> Case:
    case = queries.case_to_change(case_id)
    if (case.round, case.state) != (round_number, state):
        raise CaseMoved
    return case


def _proposed(reviewer: Account, case_id: UUID, round_number: int) -> tuple[Case, Proposal]:
    case = _in_round(case_id, round_number, CaseState.AWAITING_SECOND)
    must_be_allowed(reviewer, case)
    must_hold(reviewer, case)
    return case, Proposal.objects.get(case=case, settled_at__isnull=True)


def _propose(reviewer: Account, case: Case, *, reason: str, outcome: Outcome, text: str) -> Proposal:
    move(case, at=(CaseState.IN_REVIEW,), to=CaseState.AWAITING_SECOND)
    end_claim(case, AssignmentEnd.DECIDED)
    actor = _actor(reviewer)
    write(case, Happening.PROPOSED, events.PROPOSED, actor=actor, by=reviewer, outcome=outcome.value, reason=reason)
    return Proposal.objects.create(
        case=case,
        round=case.round,
        outcome=outcome,
        reason=reason,
        text=text,
        proposed_by=reviewer,
        proposed_at=clock.now(),
    )


def _end(proposal: Proposal, how: Settlement, *, by: Account) -> None:
    """Settle the proposal, once."""
    same = Proposal.objects.filter(id=proposal.id, settled_at__isnull=True)
    if not same.update(settled_at=clock.now(), settled_by=by, settlement=how):
        raise CaseMoved


def _settle(case: Case, said: Proposal, *, at: CaseState, confirmed_by: Account | None = None) -> Decision:
    """Write the decision down, carry it out, tell the person."""
    now = clock.now()
    outcome, text = Outcome(said.outcome), said.text.reveal(Purpose.REVIEW)
    if outcome is Outcome.RETURN:
        due = today() + timedelta(days=settings.REVIEW_ANSWER_DAYS)
        move(case, at=(at,), to=CaseState.RETURNED, due_on=due)
    else:
        move(case, at=(at,), to=STATE_AFTER[outcome], ended_at=now)
        evidence.store().erase_after(case.id, now)
    decision = Decision.objects.create(
        case=case,
        round=case.round,
        outcome=outcome,
        reason=said.reason,
        text=text,
        decided_by_id=said.proposed_by_id,
        confirmed_by=confirmed_by,
        decided_at=now,
    )
    end_claim(case, AssignmentEnd.DECIDED)
    by = confirmed_by or said.proposed_by
    actor = _actor(by)
    facts = {"outcome": outcome.value, "reason": said.reason, "decided_by": str(said.proposed_by_id)}
    write(case, SETTLED_AS[outcome], events.DECIDED, actor=actor, by=by, text=text, **facts)
    kinds.kind(case.kind).apply(case, _view(decision, text), actor)
    publish(CaseDecided(case.id, case.kind, outcome))
    tell(case, _MESSAGES[outcome], text=text)
    return decision


def _view(decision: Decision, text: str) -> DecisionView:
    return DecisionView(
        case_id=decision.case_id,
        round=decision.round,
        outcome=Outcome(decision.outcome),
        reason=decision.reason,
        text=text,
        data=queries.last_submission(decision.case).read(Purpose.REVIEW),
        decided_by=decision.decided_by_id,
        confirmed_by=decision.confirmed_by_id,
        at=decision.decided_at,
    )


def _actor(reviewer: Account) -> Actor:
    return Actor.account(reviewer.realm, reviewer.id)
