"""The person corrects a returned case: a new round with what they hand in now."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from tongban.audit.actors import Actor
from tongban.design import display
from tongban.kernel import clock
from tongban.review import events, queries
from tongban.review.flows.open_case import submit, working_days
from tongban.review.history import write
from tongban.review.holding import move
from tongban.review.models import Case
from tongban.review.rules import CaseState, Happening
from tongban.review.telling import tell
from tongban.review.working_days import due_date

_NO_SUBJECTS: Mapping[str, str] = MappingProxyType({})


def answer_return(
    *,
    actor: Actor,
    case_id: UUID,
    round: int,  # noqa: A002 - the word of the model
    data: Mapping[str, str],
    evidence: Sequence[UUID],
    subjects: Mapping[str, str] = _NO_SUBJECTS,
) -> Case:
    """Submit round `round` of the case again, all of it, corrected: `data` and `evidence` as in `open_case`.

    The caller knows that the person may do so. Raises `CaseUnknown`, and `CaseMoved` unless this round is returned.
    """
    now = clock.now()
    with transaction.atomic():
        case = queries.case_to_change(case_id)
        case.round = round
        move(
            case,
            at=(CaseState.RETURNED,),
            to=CaseState.SUBMITTED,
            round=round + 1,
            submitted_at=now,
            due_on=due_date(now, working_days(case.kind)),
            reminded_at=None,
            overdue_at=None,
            language=display.spoken_language(),
        )
        submit(case, data=data, files=evidence, subjects=subjects)
        write(case, Happening.ANSWERED, events.ANSWERED, actor=actor, due_on=case.due_on.isoformat())
        tell(case, "case_submitted")
    return case
