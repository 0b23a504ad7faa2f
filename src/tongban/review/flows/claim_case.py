"""Claim a case: for a while nobody else works on it."""

from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.kernel import clock
from tongban.review import events, queries
from tongban.review.errors import CaseMoved, Held, NotAllowed, NothingWaiting
from tongban.review.history import write
from tongban.review.holding import lease_end, move
from tongban.review.models import Assignment, Case
from tongban.review.permits import must_be_allowed, must_review
from tongban.review.rules import AssignmentEnd, CaseState, Happening


def claim_case(*, reviewer: Account, case_id: UUID) -> Assignment:
    """Claim the case for `reviewer` and return the claim; claiming again renews it.

    Raises `CaseUnknown`, `NotAllowed`, `Held`, and `CaseMoved` when no move of ours is left.
    """
    with transaction.atomic():
        case = queries.case_to_change(case_id)
        must_be_allowed(reviewer, case)
        claim = _claim(reviewer, case)
        if claim is None:
            return _renewed(reviewer, case)
        if case.state == CaseState.AWAITING_SECOND:
            move(case, at=(CaseState.AWAITING_SECOND,), to=CaseState.AWAITING_SECOND)
        else:
            move(case, at=(CaseState.SUBMITTED, CaseState.IN_REVIEW), to=CaseState.IN_REVIEW)
        write(case, Happening.CLAIMED, events.CLAIMED, actor=Actor.account(reviewer.realm, reviewer.id), by=reviewer)
    return claim


def claim_next(*, reviewer: Account, kind: str = "") -> Assignment:
    """Claim the case that is due first of those nobody works on, and return the claim.

    Raises `NothingWaiting`, `RoleMissing`.
    """
    must_review(reviewer)
    for case_id in queries.unclaimed(kind=kind):
        try:
            return claim_case(reviewer=reviewer, case_id=case_id)
        except (Held, CaseMoved, NotAllowed):
            continue
    raise NothingWaiting


def _claim(reviewer: Account, case: Case) -> Assignment | None:
    """Insert a claim; `None` when there is a live one."""
    now = clock.now()
    over = Assignment.objects.filter(case=case, ended_at__isnull=True, held_until__lte=now)
    over.update(ended_at=now, end=AssignmentEnd.EXPIRED)
    try:
        with transaction.atomic():
            return Assignment.objects.create(
                case=case, reviewer=reviewer, round=case.round, claimed_at=now, held_until=lease_end()
            )
    except IntegrityError:
        return None


def _renewed(reviewer: Account, case: Case) -> Assignment:
    live = Assignment.objects.filter(case=case, reviewer=reviewer, ended_at__isnull=True)
    if not live.update(held_until=lease_end()):
        raise Held
    return live.get()
