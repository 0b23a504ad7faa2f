"""Look at what a person submitted: only who has claimed the case, and every look is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.audit.rules import JsonScalar
from tongban.review import events, evidence, queries
from tongban.review.errors import CaseUnknown
from tongban.review.evidence import Content
from tongban.review.holding import must_hold
from tongban.review.permits import must_be_allowed
from tongban.vault.purposes import Purpose


@dataclass(frozen=True, slots=True)
class Revealed:
    """What the person submitted last: the data, and the ids of the files in the order they were handed in.

    `before` is the data of the round before, empty in the first.
    """

    data: Mapping[str, str] = field(repr=False)
    files: Sequence[UUID]
    before: Mapping[str, str] = field(repr=False, default_factory=dict)


def reveal(*, reviewer: Account, case_id: UUID) -> Revealed:
    """Return what was submitted. Raises `CaseUnknown`, `NotAllowed`, `NotHolder`."""
    with transaction.atomic():
        case = queries.case_to_change(case_id)
        must_be_allowed(reviewer, case)
        must_hold(reviewer, case)
        submission = queries.last_submission(case)
        facts: dict[str, JsonScalar] = {"number": case.number, "kind": case.kind, "round": submission.round}
        record(events.REVEALED, actor=_actor(reviewer), subject=case.id, facts=facts)
        earlier = queries.submission_before(submission)
    before = earlier.read(Purpose.REVIEW) if earlier else {}
    return Revealed(submission.read(Purpose.REVIEW), submission.files, before)


def view_file(*, reviewer: Account, case_id: UUID, file_id: UUID) -> Content:
    """Return a file of the case. Raises as `reveal`; `CaseUnknown` also for a file that is not the case's."""
    with transaction.atomic():
        case = queries.case_to_change(case_id)
        must_be_allowed(reviewer, case)
        must_hold(reviewer, case)
        if not any(file.id == file_id and file.ready for file in evidence.store().files(case.id)):
            raise CaseUnknown
        actor = _actor(reviewer)
        facts = {"number": case.number, "kind": case.kind, "case": str(case.id)}
        record(events.FILE_VIEWED, actor=actor, subject=file_id, facts=facts)
        return evidence.store().open(actor=actor, file_id=file_id)


def _actor(reviewer: Account) -> Actor:
    return Actor.account(reviewer.realm, reviewer.id)
