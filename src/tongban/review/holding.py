"""Claims: who works on a case now. A claim ends by an act, or by itself when nothing happens for a while."""

from datetime import datetime, timedelta

from django.conf import settings

from tongban.accounts.models import Account
from tongban.kernel import clock
from tongban.review.errors import CaseMoved, NotHolder
from tongban.review.models import Assignment, Case
from tongban.review.rules import AssignmentEnd, CaseState


def lease_end() -> datetime:
    """Return until when a claim lasts that is made or renewed now."""
    return clock.now() + timedelta(minutes=settings.REVIEW_LEASE_MINUTES)


def live_claim(case: Case) -> Assignment | None:
    """Return the claim on the case that holds now."""
    live = Assignment.objects.filter(case=case, ended_at__isnull=True, held_until__gt=clock.now())
    return live.select_related("reviewer").first()


def must_hold(reviewer: Account, case: Case) -> None:
    """Renew the reviewer's claim on the case; raises `NotHolder` when there is none."""
    live = Assignment.objects.filter(case=case, reviewer=reviewer, ended_at__isnull=True, held_until__gt=clock.now())
    if not live.update(held_until=lease_end()):
        raise NotHolder


def end_claim(case: Case, why: AssignmentEnd) -> bool:
    """End whatever claim there is on the case; return whether there was one."""
    return bool(Assignment.objects.filter(case=case, ended_at__isnull=True).update(ended_at=clock.now(), end=why))


def move(case: Case, *, at: tuple[CaseState, ...], to: CaseState, **changes: object) -> None:
    """Move the case on, if it is still in its round and in one of the states `at`; raises `CaseMoved`.

    One conditional UPDATE: of callers at the same moment one succeeds, on SQLite and PostgreSQL alike.
    """
    same = Case.objects.filter(id=case.id, round=case.round, state__in=at)
    if not same.update(state=to, **changes):
        raise CaseMoved
    case.state = to
    for name, value in changes.items():
        setattr(case, name, value)
