"""Ask the authority about the person or unit of an appeal, so that reviewers see its answer. The worker's job."""

from django.conf import settings
from django.db.models import Exists, OuterRef

from tongban.accounts.rules import Realm
from tongban.kernel import clock
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.proofing.authority import Authority, configured
from tongban.proofing.rules import Answer
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
    authority = configured()
    answered = 0
    for case in waiting[:_BATCH]:
        answer = _ask(authority, case)
        if answer is None:
            break
        row = RegisterAnswer(case=case, round=case.round, answer=answer, at=clock.now())
        answered += len(RegisterAnswer.objects.bulk_create([row], ignore_conflicts=True))
    return answered


def _ask(authority: Authority, case: Case) -> Answered | None:
    """Return the answer, or `None` when there is none just now."""
    filled = filled_of(review.last_submission(case).read(Purpose.ASK_AUTHORITY))
    try:
        put = _put_unit if realm_of(case.kind) is Realm.LEGAL else _put_person
        answer = put(authority, filled)
    except OSError:
        return None
    if answer is None:
        return Answered.NOT_COVERED
    return None if answer is Answer.UNAVAILABLE else Answered(answer.value)


def _put_person(authority: Authority, filled: dict[str, str]) -> Answer | None:
    document = document_of(filled)
    if not authority.covers_person(document.kind):
        return None
    name = PersonName.parse(filled["name"])
    return authority.check_person(name=name, document=document, within=settings.AUTHORITY_TIMEOUT)


def _put_unit(authority: Authority, filled: dict[str, str]) -> Answer | None:
    if not authority.covers_unit(UnitType(filled["unit_type"])):
        return None
    return authority.check_unit(
        unit_name=UnitName.parse(filled["unit_name"]),
        uscc=Uscc.parse(filled["uscc"]),
        representative_name=PersonName.parse(filled["representative_name"]),
        representative_document=document_of(filled),
        within=settings.AUTHORITY_TIMEOUT,
    )
