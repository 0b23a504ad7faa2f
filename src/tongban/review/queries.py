"""What the room reads, for itself and for the rooms above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from tongban.design.labels import Text
from tongban.review import case_numbers, labels
from tongban.review.errors import CaseUnknown
from tongban.review.models import Assignment, Case, Entry, Submission
from tongban.review.rules import PUBLIC, CaseState, Happening
from tongban.vault.purposes import Purpose


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a case's history as the person reads it: `design`'s timeline draws it."""

    at: datetime
    title: Text
    text: str
    what: Happening


def case(case_id: UUID) -> Case:
    """Return the case; raises `CaseUnknown`."""
    found = Case.objects.filter(id=case_id).first()
    if found is None:
        raise CaseUnknown
    return found


def case_to_change(case_id: UUID) -> Case:
    """Return the case for an act of the caller's transaction; another act on it waits. Raises `CaseUnknown`.

    Every act takes the case first and then what hangs on it, so that no two acts wait for each other.
    """
    found = Case.objects.select_for_update().filter(id=case_id).first()
    if found is None:
        raise CaseUnknown
    return found


def case_by_number(raw: str) -> Case:
    """Return the case with this number, however it was typed; raises `NumberMalformed`, `CaseUnknown`."""
    found = Case.objects.filter(number=case_numbers.parse(raw)).first()
    if found is None:
        raise CaseUnknown
    return found


def cases_for_account(account_id: UUID) -> QuerySet[Case]:
    """Return the account's cases, newest first: 我的办件."""
    return Case.objects.filter(account_id=account_id).order_by("-opened_at", "-id")


def state_text(found: Case) -> Text:
    """Return the state as the person reads it."""
    return labels.PUBLIC_STATES[CaseState(found.state)]


def timeline(found: Case) -> Sequence[Line]:
    """Return what the person may read of the history, newest first; of several starts in a round the first."""
    lines: list[Line] = []
    started: set[int] = set()
    for entry in Entry.objects.filter(case=found, what__in=PUBLIC).order_by("at", "id"):
        what = Happening(entry.what)
        if what is Happening.CLAIMED:
            if entry.round in started:
                continue
            started.add(entry.round)
        lines.append(Line(entry.at, labels.HAPPENINGS[what], _text(entry), what))
    return lines[::-1]


def last_submission(found: Case) -> Submission:
    """Return what the person handed in last: for this round, or before the case was reopened."""
    return Submission.objects.filter(case=found).order_by("-round")[0]


def _text(entry: Entry) -> str:
    return entry.text.reveal(Purpose.SHOW_OWNER) if entry.text and not entry.text.erased else ""


_TRIED = 20


def unclaimed(*, kind: str = "") -> list[UUID]:
    """Return the cases nobody works on that are due first; a few, because most callers take the first."""
    live = Assignment.objects.filter(case=OuterRef("pk"), ended_at__isnull=True)
    waiting = Case.objects.filter(state__in=(CaseState.SUBMITTED, CaseState.AWAITING_SECOND))
    if kind:
        waiting = waiting.filter(kind=kind)
    found = waiting.exclude(Exists(live)).order_by("due_on", "id")
    return list(found.values_list("id", flat=True)[:_TRIED])
