"""Look at a decided case again: a senior reviewer who was not part of the decision does."""

from uuid import UUID

from django.db import transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.design.kept_texts import keep
from tongban.design.labels import Text
from tongban.kernel import clock
from tongban.review import events, evidence, queries
from tongban.review.errors import CaseMoved, Related
from tongban.review.flows.open_case import working_days
from tongban.review.history import write
from tongban.review.holding import move
from tongban.review.models import Case, Entry
from tongban.review.permits import is_related, must_be_senior
from tongban.review.rules import CaseState, Happening
from tongban.review.telling import tell
from tongban.review.working_days import due_date

_DECIDED = (CaseState.APPROVED, CaseState.REJECTED)


def reopen_case(*, reviewer: Account, case_id: UUID, why: str) -> Case:
    """Reopen the case; `why` is for colleagues. Raises `CaseUnknown`, `SeniorNeeded`, `Related`, `CaseMoved`."""
    must_be_senior(reviewer)
    with transaction.atomic():
        case = queries.case_to_change(case_id)
        if is_related(reviewer, case):
            raise Related
        return _reopen(case, actor=Actor.account(reviewer.realm, reviewer.id), by=reviewer, why=why)


def return_to_senior(*, actor: Actor, case_id: UUID, why: Text) -> Case:
    """Reopen the case because somebody objected to what was decided; a case comes back this way once.

    For the rooms above, in their own transaction. Raises `CaseUnknown`, and `CaseMoved` when it was reopened before.
    """
    with transaction.atomic():
        case = queries.case_to_change(case_id)
        if Entry.objects.filter(case=case, what=Happening.REOPENED).exists():
            raise CaseMoved
        return _reopen(case, actor=actor, by=None, why=why)


def _reopen(case: Case, *, actor: Actor, by: Account | None, why: Text) -> Case:
    if case.forgotten_at is not None:
        raise CaseMoved
    now = clock.now()
    move(
        case,
        at=_DECIDED,
        to=CaseState.SUBMITTED,
        round=case.round + 1,
        senior_only=True,
        ended_at=None,
        submitted_at=now,
        due_on=due_date(now, working_days(case.kind)),
        reminded_at=None,
        overdue_at=None,
    )
    evidence.store().erase_after(case.id, None)
    # The reason is for colleagues and the person reads the history: it stands in a line of its own.
    write(case, Happening.REOPENED, events.REOPENED, actor=actor, by=by)
    Entry.objects.create(
        case=case, round=case.round, what=Happening.NOTED, at=clock.now(), by=by, text=keep(why) or None
    )
    tell(case, "case_reopened")
    return case
