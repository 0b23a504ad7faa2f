"""Ask the authority about the person or unit of an appeal, so that reviewers see its answer. The worker's job."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Exists, OuterRef

from tongban.accounts.rules import Realm
from tongban.kernel import clock
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.proofing.authority import Authority, ask, configured
from tongban.proofing.entries import PersonQuestion, Question, UnitQuestion
from tongban.proofing.rules import Answer, Block
from tongban.recovery.drafts import document_of, filled_of, realm_of
from tongban.recovery.models import RegisterAnswer
from tongban.recovery.rules import KINDS, Answered
from tongban.review import queries as review
from tongban.review.models import Case
from tongban.review.rules import WAITING
from tongban.vault.purposes import Purpose

_BATCH = 10


def ask_register() -> int:
    """Ask about appeals nobody has asked about, at most a batch; return how many got an answer.

    When the authority does not answer, the rest waits for the next time.
    """
    asked = RegisterAnswer.objects.filter(case=OuterRef("pk"), round=OuterRef("round"))
    waiting = Case.objects.filter(~Exists(asked), kind__in=KINDS, state__in=WAITING).order_by("due_on", "id")
    authorities = configured()
    answered = 0
    for case in waiting[:_BATCH]:
        answer = _ask(authorities, case)
        if answer is None:
            break
        row = RegisterAnswer(case=case, round=case.round, answer=answer, at=clock.now())
        answered += len(RegisterAnswer.objects.bulk_create([row], ignore_conflicts=True))
    return answered


def _ask(authorities: Sequence[Authority], case: Case) -> Answered | None:
    """Return the answer, or `None` when there is none just now."""
    filled = filled_of(review.last_submission(case).read(Purpose.ASK_AUTHORITY))
    question = _about_unit(filled) if realm_of(case.kind) is Realm.LEGAL else _about_person(filled)
    answer = ask(authorities, question, within=settings.AUTHORITY_TIMEOUT).answer
    if answer is None:
        return Answered.NOT_COVERED
    return None if answer is Answer.UNAVAILABLE else Answered(answer.value)


def _about_person(filled: dict[str, str]) -> Question:
    return PersonQuestion(Block.PERSON, PersonName.parse(filled["name"]), document_of(filled))


def _about_unit(filled: dict[str, str]) -> Question:
    return UnitQuestion(
        Block.UNIT,
        UnitName.parse(filled["unit_name"]),
        Uscc.parse(filled["uscc"]),
        UnitType(filled["unit_type"]),
        PersonName.parse(filled["representative_name"]),
        document_of(filled),
    )
