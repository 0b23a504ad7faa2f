"""Wrong entries of a returned case are corrected inside the same case: what counts, what is kept, what is refused."""

from pathlib import Path
from typing import Any

import pytest

from tests.parallel import in_parallel
from tests.unit.proofing.conftest import make_account, on_record
from tests.unit.proofing.people import person, unit
from tests.unit.proofing.test_manual_review import VERSION, decided, sent, staff, state, upload
from tongban.accounts.flows.bind import bind_document
from tongban.accounts.models import Account, IdentityBinding
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.challenge.errors import TooManyRequests
from tongban.kernel.assurance import AssuranceLevel
from tongban.notify.models import Sms
from tongban.proofing import queries, review_kinds
from tongban.proofing.errors import NotFromHere
from tongban.proofing.flows.correct_entries import correct_entries
from tongban.proofing.flows.forget import forget
from tongban.proofing.flows.send_to_review import send_to_review
from tongban.proofing.models import Correction, EvidenceConsent, ManualReview, SensitiveConsent, Verification
from tongban.proofing.queries import State
from tongban.proofing.rules import Answer, Result
from tongban.review.errors import ApplyRefused
from tongban.review.flows.cancel_case import cancel_case
from tongban.review.flows.claim_case import claim_case
from tongban.review.flows.look import reveal
from tongban.review.models import Case
from tongban.review.rules import CaseState
from tongban.vault.purposes import Purpose

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


@pytest.fixture
def returned(natural: Account) -> Case:
    """The case of somebody who mistyped their name."""
    case = sent(natural, person(name="张三三"))
    decided(case, "entries_differ")
    return case


def correct(account: Account, entries: Any = None) -> None:
    correct_entries(actor=account, entries=entries or person(), consent_version=VERSION)


def again(account: Account) -> Case:
    return send_to_review(actor=account, consent_version=VERSION)


def facts(case: Case) -> dict[str, str]:
    return {str(fact.label).partition("（")[0]: str(fact.value) for fact in review_kinds.facts(case)}


# What does not work


@pytest.mark.parametrize("moment", ["never handed in", "in review", "cancelled", "approved"])
def test_only_a_returned_case_is_corrected(natural: Account, moment: str) -> None:
    if moment != "never handed in":
        case = sent(natural)
        if moment == "cancelled":
            cancel_case(actor=Actor.system(), case_id=case.pk)
        if moment == "approved":
            decided(case, "confirmed")
    with pytest.raises(NotFromHere):
        correct(natural, person(2))
    assert not Correction.objects.exists()


def test_nobody_corrects_the_case_of_another(returned: Case) -> None:
    with pytest.raises(NotFromHere):
        correct(make_account(login_name="other"))


def test_corrections_are_counted_as_checks_are(natural: Account, returned: Case, settings: Any) -> None:
    settings.PROOFING_PER_DOCUMENT = "1/h"
    correct(natural, person(2))
    other = make_account(login_name="other")
    case = sent(other, person(3))
    decided(case, "entries_differ", staff(name="another"))
    with pytest.raises(TooManyRequests):
        correct(other, person(2))
    settings.PROOFING_PER_ACCOUNT = "2/6h"
    with pytest.raises(TooManyRequests):
        correct(natural, person(5))


def test_an_identity_that_another_account_has_is_not_approved(natural: Account, returned: Case) -> None:
    bind_document(
        actor=Actor.system(),
        account=make_account(login_name="other"),
        document=person(2).document,
        name=person(2).name,
        assurance=AssuranceLevel.CROSS_CHECKED,
    )
    correct(natural, person(2))
    case = again(natural)
    assert facts(case)["其他账号"] == "这个证件或单位已由另一个账号完成实名认证"
    with pytest.raises(ApplyRefused):
        decided(case, "confirmed", staff(name="another"))


# What is kept, and what counts


def test_what_was_typed_counts_only_once_it_is_handed_in(natural: Account, returned: Case) -> None:
    correct(natural)
    assert queries.corrected(natural) == person()
    assert Verification.objects.count() == 1
    assert returned.submissions.count() == 1
    assert state(natural) is State.RETURNED
    correct(natural, person(2))
    assert queries.corrected(natural) == person(2)
    assert Correction.objects.count() == 1


def test_typed_back_to_what_it_was_is_no_correction(natural: Account, returned: Case) -> None:
    correct(natural)
    correct(natural, person(name="张三三"))
    assert not Correction.objects.exists()
    assert again(natural).round == 2
    assert Verification.objects.count() == 1


def test_the_same_case_goes_on_with_the_corrected_entries(natural: Account, returned: Case) -> None:
    correct(natural)
    upload(natural, "back")
    case = again(natural)
    assert (case.pk, case.round, case.state) == (returned.pk, 2, CaseState.SUBMITTED)
    names = [row.read(Purpose.REVIEW)["name"] for row in case.submissions.order_by("round")]
    assert names == ["张三三", "张三"]
    old, new = Verification.objects.order_by("submitted_at")
    assert (old.result, old.entries) == (Result.SUPERSEDED, None)
    assert new.result == Result.CORRECTED
    assert ManualReview.objects.get().verification == new
    assert SensitiveConsent.objects.filter(verification=new, version=VERSION).exists()
    assert EvidenceConsent.objects.filter(verification=new, version=VERSION).exists()
    assert not Correction.objects.exists()
    assert state(natural) is State.REVIEW
    assert Event.objects.filter(name="proofing:entries:corrected", subject=natural.pk).count() == 1
    assert Sms.objects.filter(template="case_submitted").count() == 2


def test_approval_binds_what_was_corrected(natural: Account, returned: Case) -> None:
    correct(natural, person(2))
    decided(again(natural), "confirmed", staff(name="another"))
    assert IdentityBinding.objects.get().number.reveal(Purpose.MATCH) == person(2).document.number  # type: ignore[union-attr]
    assert state(natural) is State.VERIFIED


def test_a_unit_corrects_its_entries(legal: Account) -> None:
    case = sent(legal, unit(unit_name="北京事例科技有限公司"))
    decided(case, "entries_differ")
    correct(legal, unit())
    decided(again(legal), "confirmed", staff(name="another"))
    assert IdentityBinding.objects.get().unit_name == "北京示例科技有限公司"


def test_the_register_is_asked_again_and_binds_nothing_by_it(natural: Account, returned: Case) -> None:
    on_record(person())
    correct(natural)
    case = again(natural)
    assert facts(case)["核验机构对本人信息的答复"] == "一致"
    assert not IdentityBinding.objects.exists()
    assert state(natural) is State.REVIEW


def test_a_register_that_does_not_answer_is_said_to_be_silent(natural: Account, returned: Case) -> None:
    on_record(person(), answer=Answer.UNAVAILABLE)
    correct(natural)
    assert facts(again(natural))["核验机构的答复"] == "更正后还没有得到答复"


def test_cases_about_the_corrected_document_are_found(natural: Account, returned: Case) -> None:
    other = make_account(login_name="other")
    correct(natural, person(2))
    again(natural)
    assert sent(other, person(2)).subjects.get().index in set(returned.subjects.values_list("index", flat=True))


def test_the_reviewer_is_shown_what_was_there_before(natural: Account, returned: Case) -> None:
    reviewer = staff(name="another")
    correct(natural)
    case = again(natural)
    claim_case(reviewer=reviewer, case_id=case.pk)
    revealed = reveal(reviewer=reviewer, case_id=case.pk)
    assert (revealed.data["name"], revealed.before["name"]) == ("张三", "张三三")


def test_a_first_round_has_no_before(natural: Account) -> None:
    case, reviewer = sent(natural), staff()
    claim_case(reviewer=reviewer, case_id=case.pk)
    assert reveal(reviewer=reviewer, case_id=case.pk).before == {}


def test_a_withdrawn_case_with_corrections_can_be_followed_by_another(natural: Account, returned: Case) -> None:
    correct(natural)
    cancel_case(actor=Actor.system(), case_id=again(natural).pk)
    upload(natural, "front", "back")
    assert again(natural).pk != returned.pk
    assert state(natural) is State.REVIEW


def test_a_correction_nobody_handed_in_is_forgotten_with_its_case(natural: Account, returned: Case) -> None:
    correct(natural)
    forget()
    assert Correction.objects.count() == 1
    cancel_case(actor=Actor.system(), case_id=returned.pk)
    forget()
    assert not Correction.objects.exists()


@pytest.mark.race
def test_thirty_answers_at_once_are_one(natural: Account, returned: Case) -> None:
    correct(natural)
    answers = in_parallel(30, lambda _turn: again(natural).pk)
    assert set(answers) == {returned.pk}
    assert Verification.objects.count() == 2
    assert Case.objects.get().round == 2
    assert Sms.objects.filter(template="case_submitted").count() == 2
