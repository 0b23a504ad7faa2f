"""Let go of a claimed case: hand it back, pass it on to a senior reviewer, or step back from it (回避)."""

from uuid import UUID

from django.db import transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.review import events, queries
from tongban.review.history import write
from tongban.review.holding import end_claim, live_claim, move, must_hold
from tongban.review.models import Case, Relation
from tongban.review.permits import must_review
from tongban.review.rules import AssignmentEnd, CaseState, Happening


def hand_back(*, reviewer: Account, case_id: UUID, note: str = "") -> None:
    """Give the case back to the queue; `note` tells colleagues why. Raises `CaseUnknown`, `NotHolder`."""
    with transaction.atomic():
        case = queries.case_to_change(case_id)
        must_hold(reviewer, case)
        release(case, AssignmentEnd.HANDED_BACK)
        write(case, Happening.HANDED_BACK, events.HANDED_BACK, actor=_actor(reviewer), by=reviewer, text=note)


def escalate_case(*, reviewer: Account, case_id: UUID, why: str) -> None:
    """Pass the case on: from now on only senior reviewers may claim it. Raises `CaseUnknown`, `NotHolder`."""
    with transaction.atomic():
        case = queries.case_to_change(case_id)
        must_hold(reviewer, case)
        Case.objects.filter(id=case.id).update(senior_only=True)
        release(case, AssignmentEnd.ESCALATED)
        write(case, Happening.ESCALATED, events.ESCALATED, actor=_actor(reviewer), by=reviewer, text=why)


def declare_relation(*, reviewer: Account, case_id: UUID) -> None:
    """Note that the reviewer is related to the case; a claim of theirs ends. Raises `CaseUnknown`, `RoleMissing`."""
    must_review(reviewer)
    with transaction.atomic():
        case = queries.case_to_change(case_id)
        _relation, new = Relation.objects.get_or_create(case=case, reviewer=reviewer)
        claim = live_claim(case)
        if claim and claim.reviewer_id == reviewer.id:
            release(case, AssignmentEnd.RELATED)
        if new:
            write(case, Happening.RELATED, events.RELATED, actor=_actor(reviewer), by=reviewer)


def release(case: Case, why: AssignmentEnd) -> None:
    """End the claim on the case and let it wait again."""
    end_claim(case, why)
    if case.state == CaseState.IN_REVIEW:
        move(case, at=(CaseState.IN_REVIEW,), to=CaseState.SUBMITTED)


def _actor(reviewer: Account) -> Actor:
    return Actor.account(reviewer.realm, reviewer.id)
