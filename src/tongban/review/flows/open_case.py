"""Open a case: what the person submitted is frozen, and the clock of the due date starts."""

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from tongban.audit.actors import Actor
from tongban.design import display
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.review import case_numbers, events, evidence, kinds
from tongban.review.history import write
from tongban.review.models import SUBJECT_DOMAIN, Case, CaseSubject, Submission, subject_text
from tongban.review.rules import CaseState, Happening
from tongban.review.telling import tell
from tongban.review.working_days import due_date
from tongban.vault import blind_index

_NUMBERS_TRIED = 5


def open_case(
    *,
    actor: Actor,
    kind: str,
    account_id: UUID | None,
    subjects: Mapping[str, str],
    data: Mapping[str, str],
    contact_phone: Mobile | None,
    key: str,
    evidence: Sequence[UUID] = (),
) -> Case:
    """Open a case of `kind` and return it; with a `key` that was used before, return that case and change nothing.

    `account_id` is whose 我的办件 lists it: `None` when the person cannot show that an account is theirs. `subjects`
    are the normalised values the case is about (`{"document": "resident_id:…", "unit": "9111…"}`): sealed, and indexed
    so that other cases about the same are found. `data` is frozen as the person typed it; `evidence` are ids of files.
    The person is told the number and the due date, by SMS if there is a `contact_phone`. Raises `KindUnknown`.
    """
    now = clock.now()
    case = Case(
        number=case_numbers.new(now),
        key=key,
        kind=kinds.kind(kind).name,
        account_id=account_id,
        contact_phone=contact_phone.value if contact_phone else None,
        language=display.spoken_language(),
        state=CaseState.SUBMITTED,
        opened_at=now,
        submitted_at=now,
        due_on=due_date(now, working_days(kind)),
    )
    with transaction.atomic():
        if not _insert(case):
            return Case.objects.get(key=key)
        submit(case, data=data, files=evidence, subjects=subjects)
        write(case, Happening.SUBMITTED, events.OPENED, actor=actor, due_on=case.due_on.isoformat())
        tell(case, "case_submitted")
    return case


def working_days(kind: str) -> int:
    """Return how many working days we give ourselves for a round of a case of `kind`."""
    days: int = kinds.kind(kind).working_days or settings.REVIEW_WORKING_DAYS
    return days


def submit(case: Case, *, data: Mapping[str, str], files: Sequence[UUID], subjects: Mapping[str, str]) -> None:
    """Freeze what was handed in for the round `case` is in."""
    Submission.objects.create(
        case=case,
        round=case.round,
        data=json.dumps(dict(data), ensure_ascii=False, sort_keys=True),
        evidence=[str(file) for file in files],
        submitted_at=case.submitted_at,
    )
    evidence.store().freeze(files=files, case_id=case.id)
    for name, value in subjects.items():
        index = blind_index.of(SUBJECT_DOMAIN, subject_text(name, value))
        if not case.subjects.filter(index=index).exists():
            CaseSubject.objects.create(case=case, name=name, value=value, index=index)


def _insert(case: Case) -> bool:
    """Insert the case; return whether it is new. A number that is taken is replaced: a busy year has a few of those."""
    for _attempt in range(_NUMBERS_TRIED):
        try:
            with transaction.atomic():
                case.save(force_insert=True)
        except IntegrityError:
            if Case.objects.filter(key=case.key).exists():
                return False
            if not Case.objects.filter(number=case.number).exists():
                raise
            case.number = case_numbers.new(case.opened_at)
        else:
            return True
    raise IntegrityError(case.number)
