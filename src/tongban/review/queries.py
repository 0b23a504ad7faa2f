"""What the room reads, for itself and for the rooms above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from tongban.design.kept_texts import said
from tongban.design.labels import Text
from tongban.review import case_numbers, labels
from tongban.review.errors import CaseUnknown, ReviewError
from tongban.review.models import SUBJECT_DOMAIN, Assignment, Case, CaseSubject, Decision, Entry, Proposal, Submission
from tongban.review.rules import OPEN, PUBLIC, CaseState, Happening
from tongban.vault import blind_index
from tongban.vault.purposes import Purpose

_TRIED = 20
_MOST_SAME = 20


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A line of a case's history as the desk reads it; `by` is a login name, or empty for the person and the worker."""

    at: datetime
    title: Text
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class SameSubject:
    """Another case about the same document, unit or telephone."""

    id: UUID
    number: str
    kind: str
    state: CaseState
    opened_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether both cases are in hand at the same time: perhaps a duplicate."""
        return self.state in OPEN


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


def account_of_case(raw: str) -> UUID | None:
    """Return whose case has this number, however it was typed; nobody's when there is no such case or account."""
    try:
        return case_by_number(raw).account_id
    except ReviewError:
        return None


def case_by_number(raw: str) -> Case:
    """Return the case with this number, however it was typed; raises `NumberMalformed`, `CaseUnknown`."""
    found = Case.objects.filter(number=case_numbers.parse(raw)).first()
    if found is None:
        raise CaseUnknown
    return found


def cases_for_account(account_id: UUID) -> QuerySet[Case]:
    """Return the account's cases, newest first: 我的办件."""
    return Case.objects.filter(account_id=account_id).order_by("-opened_at", "-id")


def language_of(found: Case) -> str:
    """Return the code of the language its person reads: that of the account, else the one it was handed in in."""
    return found.account.language if found.account else found.language


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
        lines.append(Line(entry.at, labels.HAPPENINGS[what], _text(entry, Purpose.SHOW_OWNER), what))
    return lines[::-1]


def history(found: Case) -> Sequence[StaffLine]:
    """Return the whole history, newest first."""
    entries = Entry.objects.filter(case=found).order_by("-at", "-id").annotate(by_name=F("by__login_name"))
    return [
        StaffLine(
            entry.at,
            labels.HAPPENINGS[Happening(entry.what)],
            entry.by_name or "",
            _text(entry, Purpose.REVIEW),
        )
        for entry in entries
    ]


def same_subjects(found: Case) -> Sequence[SameSubject]:
    """Return other cases about the same, newest first; also those indexed under an older key."""
    wanted = {
        index
        for subject in found.subjects.all()
        if not subject.value.erased
        for index in blind_index.candidates(SUBJECT_DOMAIN, subject.text())
    }
    others = CaseSubject.objects.filter(index__in=wanted).exclude(case=found).values("case").distinct()
    newest = Case.objects.filter(id__in=others).order_by("-opened_at", "-id")[:_MOST_SAME]
    return [
        SameSubject(id=case_id, number=number, kind=kind, state=CaseState(state), opened_at=opened_at)
        for case_id, number, kind, state, opened_at in newest.values_list("id", "number", "kind", "state", "opened_at")
    ]


def open_proposal(found: Case) -> Proposal | None:
    """Return the proposal that waits for a second reviewer."""
    return Proposal.objects.filter(case=found, settled_at__isnull=True).select_related("proposed_by").first()


def last_decision(found: Case) -> Decision | None:
    """Return the latest decision on the case."""
    return Decision.objects.filter(case=found).order_by("-round").select_related("decided_by", "confirmed_by").first()


def last_submission(found: Case) -> Submission:
    """Return what the person handed in last: for this round, or before the case was reopened."""
    return Submission.objects.filter(case=found).order_by("-round")[0]


def submission_before(submission: Submission) -> Submission | None:
    """Return what the person had handed in before `submission`."""
    earlier = Submission.objects.filter(case=submission.case_id, round__lt=submission.round)
    return earlier.order_by("-round").first()


def _text(entry: Entry, purpose: Purpose) -> str:
    return said(entry.text.reveal(purpose)) if entry.text and not entry.text.erased else ""


def unclaimed(*, kind: str = "") -> list[UUID]:
    """Return the cases nobody works on that are due first; a few, because most callers take the first."""
    live = Assignment.objects.filter(case=OuterRef("pk"), ended_at__isnull=True)
    waiting = Case.objects.filter(state__in=(CaseState.SUBMITTED, CaseState.AWAITING_SECOND))
    if kind:
        waiting = waiting.filter(kind=kind)
    found = waiting.exclude(Exists(live)).order_by("due_on", "id")
    return list(found.values_list("id", flat=True)[:_TRIED])
