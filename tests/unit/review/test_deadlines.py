"""What the worker does about time, safe to run twice."""

from collections.abc import Callable

import pytest

from tests.moved_clock import MovedClock
from tests.parallel import in_parallel
from tests.unit.review.desk import NUMBER, SINGLE, TWICE, FakeStore, a_case, reviewer, senior, staff
from tongban.accounts.rules import Role
from tongban.kernel import jobs
from tongban.notify.models import InSiteMessage, Sms
from tongban.review import queries
from tongban.review.errors import CaseMoved
from tongban.review.flows import deadlines
from tongban.review.flows.claim_case import claim_case
from tongban.review.flows.decide import confirm, decide
from tongban.review.flows.forget import forget
from tongban.review.flows.reopen_case import reopen_case
from tongban.review.models import Assignment, Case, Entry
from tongban.review.rules import CaseState

pytestmark = pytest.mark.django_db


def decided(reason: str = "forged") -> Case:
    case, who = a_case(), reviewer()
    claim_case(reviewer=who, case_id=case.id)
    decide(reviewer=who, case_id=case.id, round=1, reason=reason, text="说明")
    return queries.case(case.id)


def test_every_job_is_registered() -> None:
    names = {job.name for job in jobs.registered() if job.name.startswith("review.")}
    assert names == {
        "review.release_expired",
        "review.remind",
        "review.mark_overdue",
        "review.end_unanswered",
        "review.tell_operators",
        "review.forget",
    }


def test_a_claim_that_is_over_gives_the_case_back(clock: MovedClock) -> None:
    case = a_case()
    claim_case(reviewer=reviewer(), case_id=case.id)
    assert deadlines.release_expired() == 0
    clock.forward(minutes=31)
    assert (deadlines.release_expired(), deadlines.release_expired()) == (1, 0)
    case.refresh_from_db()
    assert case.state == CaseState.SUBMITTED
    assert Assignment.objects.get().end == "expired"
    assert Entry.objects.filter(case=case, what="expired").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_give_a_case_back_once(clock: MovedClock) -> None:
    case = a_case()
    claim_case(reviewer=reviewer(), case_id=case.id)
    clock.forward(minutes=31)
    results = in_parallel(8, lambda _: deadlines.release_expired())
    assert sorted(map(str, results)) == ["0"] * 7 + ["1"]
    assert Entry.objects.filter(case=case, what="expired").count() == 1


def test_reviewers_are_reminded_once_and_on_working_days(clock: MovedClock) -> None:
    first, boss = reviewer(), senior()
    staff(Role.OPERATOR)
    clock.now = clock.now.replace(year=2026, month=11, day=23, hour=3)  # a Monday; five working days end on the 30th
    a_case()
    a_case()
    clock.forward(days=3)
    assert deadlines.remind() == 0, "Thursday: the 30th is two working days away"
    clock.forward(days=2)
    assert deadlines.remind() == 0, "nobody works on Saturday"
    clock.forward(days=2)
    assert (deadlines.remind(), deadlines.remind()) == (2, 0)
    told = InSiteMessage.objects.filter(template="desk_due_soon")
    assert set(told.values_list("account_id", flat=True)) == {first.id, boss.id}


def test_what_is_overdue_is_marked_and_seniors_are_told_once(clock: MovedClock) -> None:
    reviewer()
    boss = senior()
    case = a_case()
    returned = decided("blurred")
    clock.forward(days=20)
    assert (deadlines.mark_overdue(), deadlines.mark_overdue()) == (1, 0)
    case.refresh_from_db()
    assert case.overdue_at == clock.now
    assert [message.account_id for message in InSiteMessage.objects.filter(template="desk_overdue")] == [boss.id]
    assert Entry.objects.filter(what="overdue").count() == 1
    assert queries.case(returned.id).overdue_at is None, "that move is the person's"


def test_what_moved_meanwhile_is_not_marked(clock: MovedClock) -> None:
    case = a_case()
    clock.forward(days=20)
    stale = queries.case(case.id)
    Case.objects.filter(id=case.id).update(state=CaseState.RETURNED)
    assert not deadlines._mark(stale)


def test_a_return_that_nobody_answers_ends(clock: MovedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    case = decided("blurred")
    clock.forward(days=30)
    assert deadlines.end_unanswered() == 0
    clock.forward(days=1)
    with monkeypatch.context() as patch:
        patch.setattr(deadlines, "cancel_case", _moved)
        assert deadlines.end_unanswered() == 0, "answered a moment before"
    assert (deadlines.end_unanswered(), deadlines.end_unanswered()) == (1, 0)
    case.refresh_from_db()
    assert case.state == CaseState.CANCELLED
    assert "逾期" in queries.timeline(case)[0].text
    assert Sms.objects.filter(template="case_lapsed").count() == 1


def _moved(**given: object) -> None:
    raise CaseMoved


def test_an_ended_case_forgets_the_person(clock: MovedClock, store: FakeStore) -> None:
    case, open_case, twice = decided(), a_case(), a_case(TWICE)
    people = reviewer(), reviewer()
    claim_case(reviewer=people[0], case_id=twice.id)
    decide(reviewer=people[0], case_id=twice.id, round=1, reason="all_good", text="好")
    claim_case(reviewer=people[1], case_id=twice.id)
    confirm(reviewer=people[1], case_id=twice.id, round=1)
    clock.forward(days=179)
    assert forget() == 0
    clock.forward(days=2)
    assert (forget(), forget()) == (2, 0)
    case.refresh_from_db()
    assert case.forgotten_at == clock.now
    assert case.contact_phone is not None
    assert case.contact_phone.erased
    assert queries.last_submission(case).data.erased
    assert queries.timeline(case)[0].text == ""
    assert queries.history(case)[0].text == ""
    assert queries.same_subjects(open_case) == []
    assert queries.same_subjects(case) == []
    with pytest.raises(CaseMoved):
        reopen_case(reviewer=senior(), case_id=case.id, why="x")
    assert not queries.last_submission(open_case).data.erased
    assert NUMBER not in str(list(Case.objects.values()))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_forget_once(clock: MovedClock) -> None:
    decided()
    clock.forward(days=181)
    results = in_parallel(4, lambda _: forget())
    assert sorted(map(str, results)) == ["0", "0", "0", "1"]


def test_kinds_are_known_by_their_names() -> None:
    from dataclasses import replace

    from tongban.review import kinds

    assert kinds.kind("person_check") is SINGLE.kind
    kinds.register(SINGLE.kind)
    other: Callable[[], None] = lambda: kinds.register(replace(SINGLE.kind, title="另一个"))  # noqa: E731
    with pytest.raises(ValueError, match="person_check"):
        other()
    plain = kinds.Kind(name="plain", title="x", apply=SINGLE.kind.apply, reasons=())
    assert list(plain.facts(a_case())) == []
