"""Cases and everything that happens to them, as rows: submissions, assignments, proposals, decisions, history."""

import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tongban.design import display
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.review import case_numbers
from tongban.review.rules import ENDED, WAITING, AssignmentEnd, CaseState, Happening, Outcome, Settlement
from tongban.vault.fields import BlindIndexField, SealedTextField
from tongban.vault.purposes import Purpose

SUBJECT_DOMAIN = "review.case_subject.index"
_KIND_LENGTH = 32
_LIVE = Q(ended_at__isnull=True)


class Case(models.Model):
    """One matter to be reviewed. `round` counts how often it came before us: 1, and one more after each return.

    `due_on` is the last day for the next move: ours while the case waits for us, the person's while it is returned.
    `key` is the caller's name for the act of opening it: the same key never opens two cases. `language` is the one in
    which it was handed in: of whoever has no account nothing else is known (`queries.language_of`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=case_numbers.LENGTH, unique=True)
    key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=_KIND_LENGTH)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="cases")
    contact_phone = SealedTextField(context="review.case.contact_phone", null=True)
    language = models.CharField(
        max_length=16, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE, db_default=settings.LANGUAGE_CODE
    )
    state = models.CharField(max_length=16, choices=[(state.value, state.name) for state in CaseState])
    round = models.PositiveSmallIntegerField(default=1)
    senior_only = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(default=clock.now)
    due_on = models.DateField()
    reminded_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=list(CaseState)), name="a_case_has_a_known_state"),
            models.CheckConstraint(
                condition=(Q(state__in=ENDED) & Q(ended_at__isnull=False)) | (~Q(state__in=ENDED) & _LIVE),
                name="a_case_ends_when_no_move_is_left",
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="a_case_has_a_first_round"),
            models.CheckConstraint(
                condition=Q(language__in=list(display.TAGS)), name="a_case_is_in_a_language_we_speak"
            ),
        )
        # The queue walks one of these from where the page before ended; see `queries.queue`.
        indexes = (
            models.Index(fields=["due_on", "id"], condition=Q(state__in=WAITING), name="cases_waiting"),
            models.Index(fields=["kind", "due_on", "id"], condition=Q(state__in=WAITING), name="cases_waiting_by_kind"),
            models.Index(fields=["state", "due_on", "id"], name="cases_by_state"),
            models.Index(fields=["kind", "state", "due_on", "id"], name="cases_by_kind_and_state"),
            models.Index(fields=["account", "-opened_at"], name="cases_of_an_account"),
            models.Index(fields=["opened_at", "id"], name="cases_by_age"),
            models.Index(fields=["ended_at"], condition=Q(forgotten_at__isnull=True), name="cases_to_forget"),
        )

    account_id: UUID | None

    @property
    def is_open(self) -> bool:
        """Whether a move is left, ours or the person's."""
        return self.ended_at is None

    def is_overdue(self, today: date) -> bool:
        """Whether our move should have been made before `today`."""
        return self.state in WAITING and self.due_on < today


class Submission(models.Model):
    """What the person handed in for one round, written once: `data` is a JSON object of texts, `evidence` file ids."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="submissions")
    round = models.PositiveSmallIntegerField()
    data = SealedTextField(context="review.submission.data")
    evidence: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    submitted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "round"], name="one_submission_per_case_round"),)

    def read(self, purpose: Purpose) -> Mapping[str, str]:
        """Return the data; raises `vault.errors.Erased` once it was forgotten."""
        read: dict[str, str] = json.loads(self.data.reveal(purpose))
        return read

    @property
    def files(self) -> list[UUID]:
        """The ids of the evidence files, in the order they were handed in."""
        return [UUID(file) for file in self.evidence]


class CaseSubject(models.Model):
    """Something a case is about, such as a document or a unit: other cases about the same are found by it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="subjects")
    name = models.CharField(max_length=32)
    value = SealedTextField(context="review.case_subject.value")
    index = BlindIndexField(domain=SUBJECT_DOMAIN, value="text")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "index"], name="a_case_names_a_subject_once"),)
        indexes = (models.Index(fields=["index"], name="case_subjects_by_index"),)

    case_id: UUID

    def text(self) -> str:
        """Return what the index is made of."""
        return subject_text(self.name, self.value.reveal(Purpose.REENCRYPT))


def subject_text(name: str, value: str) -> str:
    """Return the text two subjects have in common that are the same."""
    return f"{name}:{value}"


class Assignment(models.Model):
    """Somebody works on a case, until `held_until` at the latest. A case has one live assignment."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    round = models.PositiveSmallIntegerField()
    claimed_at = models.DateTimeField(default=clock.now)
    held_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(
        max_length=16, blank=True, default="", choices=[(end.value, end.name) for end in AssignmentEnd]
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case"], condition=_LIVE, name="one_live_assignment_per_case"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | Q(ended_at__isnull=False) & ~Q(end=""),
                name="an_assignment_ends_with_a_reason",
            ),
        )
        indexes = (
            models.Index(fields=["reviewer"], condition=_LIVE, name="live_assignments_by_reviewer"),
            models.Index(fields=["held_until"], condition=_LIVE, name="live_assignments_by_end"),
        )

    case_id: UUID
    reviewer_id: UUID


class Relation(models.Model):
    """A reviewer says they are related to a case (回避): from then on they see nothing of it and cannot claim it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="relations")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "reviewer"], name="a_relation_is_declared_once"),)


class Proposal(models.Model):
    """What the first reviewer of a case by four eyes wants; another confirms or declines it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals")
    round = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=16, choices=[(outcome.value, outcome.name) for outcome in Outcome])
    reason = models.CharField(max_length=64)
    text = SealedTextField(context="review.proposal.text")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settlement = models.CharField(
        max_length=16, blank=True, default="", choices=[(one.value, one.name) for one in Settlement]
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=Q(settled_at__isnull=True), name="one_open_proposal_per_case"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settlement="", settled_by__isnull=True)
                | Q(settled_at__isnull=False) & ~Q(settlement=""),
                name="a_proposal_is_settled_somehow",
            ),
            models.CheckConstraint(
                condition=~Q(settlement=Settlement.CONFIRMED.value)
                | Q(settled_by__isnull=False) & ~Q(settled_by=F("proposed_by")),
                name="a_proposal_is_confirmed_by_another",
            ),
        )

    proposed_by_id: UUID


class Decision(models.Model):
    """How a round of a case was decided. There is one per round, whatever anybody's program does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=16, choices=[(outcome.value, outcome.name) for outcome in Outcome])
    reason = models.CharField(max_length=64)
    text = SealedTextField(context="review.decision.text")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "round"], name="one_decision_per_case_round"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("decided_by")),
                name="a_decision_is_confirmed_by_another",
            ),
        )
        indexes = (models.Index(fields=["decided_at"], name="decisions_by_time"),)

    case_id: UUID
    decided_by_id: UUID
    confirmed_by_id: UUID | None


class Entry(models.Model):
    """A line of a case's history. `by` is the member of staff who did it; the person's own lines have none."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="entries")
    round = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=16, choices=[(one.value, one.name) for one in Happening])
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    text = SealedTextField(context="review.entry.text", null=True)

    class Meta:
        indexes = (models.Index(fields=["case", "at", "id"], name="entries_of_a_case"),)


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a weekend day on which people work (调休)."""

    day = models.DateField(primary_key=True)
    works = models.BooleanField()
    name = models.CharField(max_length=60, blank=True, default="")
