"""The queue of the desk: typed filters, and pages that begin where the page before ended.

A page is one walk along an index from a place in it, however many cases lie before: cost does not grow with depth.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tongban.design.labels import Text
from tongban.kernel import clock
from tongban.review import kinds, labels
from tongban.review.models import Assignment, Case
from tongban.review.rules import WAITING, CaseState
from tongban.review.working_days import today

_A_WEEK = timedelta(days=7)


class Due(StrEnum):
    """When the next move is due."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue shows: `state` None are the states in which the next move is ours; `mine` are this reviewer's."""

    kind: str = ""
    state: CaseState | None = None
    due: Due | None = None
    mine: UUID | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One case in the queue. Nothing personal: `holder` is the login name of who works on it, or empty."""

    id: UUID
    number: str
    kind: Text
    state: Text
    state_kind: str
    round: int
    due_on: date
    overdue: bool
    senior_only: bool
    holder: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the place where the next page begins ("" on the last)."""

    rows: list[Row]
    next: str


def page(filters: Filters, *, after: str = "") -> Page:
    """Return the cases that fit, the one due first first; `after` is the `next` of the page before."""
    size = settings.REVIEW_CASES_PER_PAGE
    found = list(_after(_matching(filters), after).order_by("due_on", "id").defer("contact_phone")[: size + 1])
    shown = found[:size]
    holders = _holders(shown)
    day = today()
    rows = [_row(case, holders.get(case.id, ""), day) for case in shown]
    return Page(rows, _place(shown[-1]) if len(found) > size else "")


def kind_title(name: str) -> Text:
    """Return what a kind is called; its bare name when the room that owned it is gone."""
    return next((kind.title for kind in kinds.registered() if kind.name == name), name)


def _matching(filters: Filters) -> QuerySet[Case]:
    found = Case.objects.filter(state=filters.state) if filters.state else Case.objects.filter(state__in=WAITING)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.mine:
        live = Assignment.objects.filter(reviewer=filters.mine, ended_at__isnull=True, held_until__gt=clock.now())
        found = found.filter(id__in=live.values("case"))
    return _due(found, filters.due)


def _due(found: QuerySet[Case], due: Due | None) -> QuerySet[Case]:
    day = today()
    if due is Due.OVERDUE:
        return found.filter(due_on__lt=day)
    if due is Due.TODAY:
        return found.filter(due_on=day)
    return found.filter(due_on__lte=day + _A_WEEK) if due is Due.WEEK else found


def _after(found: QuerySet[Case], place: str) -> QuerySet[Case]:
    """Skip what came before `place`; a place somebody made up is the beginning."""
    day, _separator, case_id = place.partition("_")
    try:
        due_on, last = date.fromisoformat(day), UUID(case_id)
    except ValueError:
        return found
    return found.filter(due_on__gte=due_on).exclude(due_on=due_on, id__lte=last)


def _place(case: Case) -> str:
    return f"{case.due_on.isoformat()}_{case.id.hex}"


def _holders(cases: list[Case]) -> Mapping[UUID, str]:
    live = Assignment.objects.filter(case__in=cases, ended_at__isnull=True, held_until__gt=clock.now())
    return dict(live.values_list("case_id", "reviewer__login_name"))


def _row(case: Case, holder: str, day: date) -> Row:
    state = CaseState(case.state)
    return Row(
        id=case.id,
        number=case.number,
        kind=kind_title(case.kind),
        state=labels.STATES[state],
        state_kind=labels.STATE_KINDS[state],
        round=case.round,
        due_on=case.due_on,
        overdue=case.is_overdue(day),
        senior_only=case.senior_only,
        holder=holder,
    )
