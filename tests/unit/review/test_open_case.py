"""A case is opened once, frozen, found again by its number and by what it is about."""

from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from tests.moved_clock import MovedClock
from tests.parallel import in_parallel
from tests.unit.review.desk import NUMBER, FakeStore, a_case, citizen, reviewer
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.kernel.ids import new_id
from tongban.notify.models import InSiteMessage, Sms
from tongban.review import case_numbers, kinds, queries
from tongban.review.errors import CaseMoved, CaseUnknown, KindUnknown, NumberMalformed
from tongban.review.flows.answer_return import answer_return
from tongban.review.flows.claim_case import claim_case
from tongban.review.flows.decide import decide
from tongban.review.models import Case, CaseSubject, Entry, Submission
from tongban.review.rules import CaseState
from tongban.vault.purposes import Purpose

pytestmark = pytest.mark.django_db


def test_what_was_submitted_is_frozen(store: FakeStore) -> None:
    files = [new_id(), new_id()]
    case = a_case(evidence=files)
    frozen = queries.last_submission(case)
    assert frozen.read(Purpose.REVIEW) == {"name": "张三", "document_number": NUMBER}
    assert frozen.files == files == store.frozen[case.id]
    assert (case.state, case.round) == (CaseState.SUBMITTED, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.create(case=case, round=1, data="{}")


def test_nothing_personal_stands_in_the_open() -> None:
    case = a_case(account_id=citizen().id)
    rows = [*Case.objects.values(), *Submission.objects.values(), *CaseSubject.objects.values()]
    told = str(rows) + str(list(Event.objects.values()))
    assert NUMBER not in told
    assert "张三" not in told
    assert case.number in told


def test_the_person_is_told_number_and_due_date() -> None:
    account = citizen()
    case = a_case(account_id=account.id)
    sms = Sms.objects.get()
    assert sms.template == "case_submitted"
    assert sms.params is not None
    assert case.number in sms.params.reveal(Purpose.DELIVER_MESSAGE)
    assert InSiteMessage.objects.get().account_id == account.id
    assert [case.id] == [found.id for found in queries.cases_for_account(account.id)]
    assert [str(line.title) for line in queries.timeline(case)] == ["已提交"]


def test_the_same_key_opens_one_case() -> None:
    first, second = a_case(key="k"), a_case(key="k", data={"name": "李四"})
    assert first.id == second.id
    assert (Case.objects.count(), Submission.objects.count(), Entry.objects.count(), Sms.objects.count()) == (
        1,
        1,
        1,
        1,
    )


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_thirty_submissions_open_one_case() -> None:
    results = in_parallel(30, lambda _: a_case(key="k").id)
    assert len(set(results)) == 1
    assert (Case.objects.count(), Submission.objects.count(), Sms.objects.count()) == (1, 1, 1)


def test_a_number_that_is_taken_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(["TB-2026-2222-2222", "TB-2026-2222-2222", "TB-2026-3333-3333"])
    monkeypatch.setattr(case_numbers, "new", lambda at: next(numbers))
    assert [a_case().number, a_case().number] == ["TB-2026-2222-2222", "TB-2026-3333-3333"]


def test_numbers_that_never_become_free_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_numbers, "new", lambda at: "TB-2026-2222-2222")
    a_case()
    with pytest.raises(IntegrityError):
        a_case()


def test_another_refusal_of_the_database_is_not_taken_for_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tongban.review.flows.open_case.due_date", lambda *_: None)
    with pytest.raises(IntegrityError, match="due_on"):
        a_case()


def test_an_unknown_kind_opens_nothing() -> None:
    kinds._kinds.clear()
    with pytest.raises(KindUnknown):
        a_case()
    assert not Case.objects.exists()


def test_a_case_is_found_by_its_number() -> None:
    case = a_case()
    assert queries.case_by_number(f"  {case.number.lower().replace('-', ' ')} ").id == case.id
    assert queries.case(case.id).id == case.id
    with pytest.raises(CaseUnknown):
        queries.case_by_number(case_numbers.new(case.opened_at))
    with pytest.raises(CaseUnknown):
        queries.case(new_id())


def test_a_wrong_character_of_a_number_is_noticed(clock: MovedClock) -> None:
    for _ in range(20):
        number = case_numbers.new(clock.now)
        assert case_numbers.parse(number) == number
        places = [place for place in range(3, len(number)) if number[place] != "-"]
        for place in places:
            for other in set(case_numbers.ALPHABET) - {number[place]}:
                with pytest.raises(NumberMalformed):
                    case_numbers.parse(number[:place] + other + number[place + 1 :])


def test_two_swapped_characters_are_noticed() -> None:
    found = [f"TB-2026-2345-678{last}" for last in case_numbers.ALPHABET]
    (number,) = [one for one in found if case_numbers._check("2026", "2345678") == one[-1]]
    assert case_numbers.parse(number) == number
    with pytest.raises(NumberMalformed):
        case_numbers.parse(number.replace("2345", "3245"))


@pytest.mark.parametrize("raw", ["", "TB", "TB-2026-8F3K-7Q2", "XX-2026-2222-2222", "TB-2026-OOOO-OOOO"])
def test_what_is_no_number(raw: str) -> None:
    with pytest.raises(NumberMalformed):
        case_numbers.parse(raw)


def test_the_due_date_is_in_working_days(clock: MovedClock) -> None:
    clock.now = clock.now.replace(year=2026, month=9, day=30, hour=3)
    assert a_case().due_on == date(2026, 10, 13)


def test_a_case_remembers_the_language_of_who_has_no_account() -> None:
    with translation.override("en"):
        case = a_case()
        mine = a_case(account_id=citizen().id)
    assert (case.language, mine.language) == ("en", "en")
    assert (queries.language_of(case), queries.language_of(mine)) == ("en", "zh-hans"), "an account knows better"
    assert set(Sms.objects.values_list("language", flat=True)) == {"en", "zh-hans"}


def test_a_correction_in_another_language_is_answered_in_that() -> None:
    case, who = a_case(), reviewer()
    claim_case(reviewer=who, case_id=case.id)
    with translation.override("zh-hans"):
        decide(reviewer=who, case_id=case.id, round=1, reason="blurred", text="x")
    with translation.override("en"):
        answered = answer_return(actor=Actor.anonymous(), case_id=case.id, round=1, data={}, evidence=[])
    assert queries.case(case.id).language == answered.language == "en"
    last = Sms.objects.order_by("-created_at", "-id")[0]
    assert (last.template, last.language) == ("case_submitted", "en")


@pytest.mark.parametrize("unknown", ["", "de", "EN"])
def test_the_database_knows_no_other_language(unknown: str) -> None:
    case = a_case()
    with pytest.raises(IntegrityError, match="a_case_is_in_a_language_we_speak"), transaction.atomic():
        Case.objects.filter(id=case.id).update(language=unknown)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_corrections_in_two_languages_one_counts_with_its_language() -> None:
    case, who = a_case(), reviewer()
    claim_case(reviewer=who, case_id=case.id)
    decide(reviewer=who, case_id=case.id, round=1, reason="blurred", text="x")

    def answer(number: int) -> Case:
        language = "en" if number % 2 else "zh-hans"
        with translation.override(language):
            data = {"answer": language}
            return answer_return(actor=Actor.anonymous(), case_id=case.id, round=1, data=data, evidence=[])

    results = in_parallel(30, answer)
    assert Counter(type(one) for one in results) == {Case: 1, CaseMoved: 29}
    stands = queries.case(case.id)
    assert queries.last_submission(stands).read(Purpose.REVIEW) == {"answer": stands.language}
    assert Sms.objects.order_by("-created_at", "-id")[0].language == stands.language
