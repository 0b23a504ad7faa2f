"""Claiming, deciding, four eyes, coming back: who may do what, once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.moved_clock import MovedClock
from tests.parallel import in_parallel
from tests.unit.review.desk import (
    PHONE,
    SINGLE,
    TWICE,
    FakeStore,
    KindForTests,
    a_case,
    citizen,
    reviewer,
    senior,
    staff,
)
from tongban.accounts.models import Account
from tongban.accounts.rules import Role
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.kernel.events import subscribe
from tongban.kernel.ids import new_id
from tongban.notify.models import InSiteMessage, Sms
from tongban.review import queries
from tongban.review.errors import (
    ApplyRefused,
    CaseMoved,
    CaseUnknown,
    Held,
    NothingWaiting,
    NotHolder,
    ReasonUnknown,
    Related,
    ReviewError,
    RoleMissing,
    SameReviewer,
    SeniorNeeded,
)
from tongban.review.flows.add_note import add_note
from tongban.review.flows.answer_return import answer_return
from tongban.review.flows.cancel_case import cancel_case
from tongban.review.flows.claim_case import claim_case, claim_next
from tongban.review.flows.decide import confirm, decide, decline
from tongban.review.flows.hand_back import declare_relation, escalate_case, hand_back
from tongban.review.flows.look import reveal, view_file
from tongban.review.flows.reopen_case import reopen_case, return_to_senior
from tongban.review.models import Assignment, Case, Decision, Entry, Proposal
from tongban.review.outcomes import CaseCancelled, CaseDecided
from tongban.review.rules import CaseState, Happening, Outcome
from tongban.vault.purposes import Purpose

pytestmark = pytest.mark.django_db
ANYBODY = Actor.anonymous()


def claimed(kind: KindForTests = SINGLE, by: Account | None = None, **given: Any) -> tuple[Case, Account]:
    case, who = a_case(kind, **given), by or reviewer()
    claim_case(reviewer=who, case_id=case.id)
    return queries.case(case.id), who


def said(who: Account, case: Case, reason: str = "all_good", text: str = "说明") -> Decision | Proposal:
    return decide(reviewer=who, case_id=case.id, round=case.round, reason=reason, text=text)


def decided(kind: KindForTests = SINGLE, reason: str = "all_good", **given: Any) -> tuple[Case, Account]:
    case, who = claimed(kind, **given)
    said(who, case, reason)
    return queries.case(case.id), who


def history(case: Case) -> list[str]:
    return list(Entry.objects.filter(case=case).order_by("at", "id").values_list("what", flat=True))


def test_a_claim_keeps_others_away_until_it_is_over(clock: MovedClock) -> None:
    case, who = claimed()
    assert case.state == CaseState.IN_REVIEW
    with pytest.raises(Held):
        claim_case(reviewer=reviewer(), case_id=case.id)
    clock.forward(minutes=20)
    first = claim_case(reviewer=who, case_id=case.id)
    assert first.id == Assignment.objects.get().id, "claiming again renews"
    clock.forward(minutes=20)
    reveal(reviewer=who, case_id=case.id)
    clock.forward(minutes=31)
    with pytest.raises(NotHolder):
        reveal(reviewer=who, case_id=case.id)
    other = reviewer()
    claim_case(reviewer=other, case_id=case.id)
    with pytest.raises(NotHolder):
        said(who, case)
    assert set(Assignment.objects.values_list("end", flat=True)) == {"expired", ""}


@pytest.mark.parametrize("who", [lambda: staff(Role.AUDITOR), lambda: staff(Role.OPERATOR), staff, citizen])
def test_only_reviewers_review(who: Callable[[], Account]) -> None:
    case, stranger = a_case(), who()
    acts: list[Callable[[], object]] = [
        lambda: claim_case(reviewer=stranger, case_id=case.id),
        lambda: claim_next(reviewer=stranger),
        lambda: declare_relation(reviewer=stranger, case_id=case.id),
        lambda: add_note(reviewer=stranger, case_id=case.id, text="x"),
        lambda: reveal(reviewer=stranger, case_id=case.id),
    ]
    for act in acts:
        with pytest.raises(RoleMissing):
            act()
    with pytest.raises(SeniorNeeded):
        reopen_case(reviewer=stranger, case_id=case.id, why="x")


def test_an_approval_is_carried_out_told_and_written_down(store: FakeStore, clock: MovedClock) -> None:
    account = citizen()
    case, who = claimed(account_id=account.id)
    heard: list[CaseDecided] = []
    subscribe(CaseDecided, heard.append)
    said(who, case, text="审核通过。")
    case.refresh_from_db()
    assert (case.state, case.ended_at) == (CaseState.APPROVED, clock.now)
    (carried_out,) = SINGLE.applied
    assert carried_out.outcome is Outcome.APPROVE
    assert carried_out.data["name"] == "张三"
    assert (carried_out.decided_by, carried_out.confirmed_by) == (who.id, None)
    assert heard == [CaseDecided(case.id, SINGLE.kind.name, Outcome.APPROVE)]
    assert store.ended[case.id] == clock.now
    assert {sms.template for sms in Sms.objects.all()} == {"case_submitted", "case_approved"}
    assert InSiteMessage.objects.filter(template="case_approved", account_id=account.id).count() == 1
    assert Event.objects.filter(name="review:case:decided", actor_id=str(who.id)).count() == 1
    assert history(case) == ["submitted", "claimed", "approved"]
    newest = queries.timeline(case)[0]
    assert (str(newest.title), newest.text) == ("审核通过", "审核通过。")
    with pytest.raises(CaseMoved):
        said(who, case)
    with pytest.raises(CaseMoved):
        claim_case(reviewer=who, case_id=case.id)


def test_what_cannot_be_carried_out_is_not_decided() -> None:
    case, who = claimed()
    SINGLE.refuse = True
    with pytest.raises(ApplyRefused, match="taken") as refusal:
        said(who, case)
    assert "另一个账号" in str(refusal.value.sentence)
    assert not Decision.objects.exists()
    case.refresh_from_db()
    assert case.state == CaseState.IN_REVIEW
    assert Sms.objects.count() == 1
    said(who, case, "forged")
    assert [view.reason for view in SINGLE.applied] == ["forged"]


def test_an_unknown_reason_decides_nothing() -> None:
    case, who = claimed()
    with pytest.raises(ReasonUnknown):
        said(who, case, "no_such_reason")
    assert not Decision.objects.exists()


def test_a_returned_case_comes_back_corrected(clock: MovedClock) -> None:
    case, who = decided(reason="blurred")
    assert case.state == CaseState.RETURNED
    assert case.is_open
    before = case.due_on
    clock.forward(days=2)
    with pytest.raises(CaseMoved):
        answer_return(actor=ANYBODY, case_id=case.id, round=2, data={}, evidence=[])
    file = new_id()
    answered = answer_return(
        actor=ANYBODY,
        case_id=case.id,
        round=1,
        data={"name": "张叁"},
        evidence=[file],
        subjects={"document": "passport:E12345678"},
    )
    assert (answered.round, answered.state) == (2, CaseState.SUBMITTED)
    assert answered.due_on < before, "our own clock runs again"
    assert queries.last_submission(answered).read(Purpose.REVIEW) == {"name": "张叁"}
    assert answered.subjects.count() == 2
    with pytest.raises(CaseMoved):
        answer_return(actor=ANYBODY, case_id=case.id, round=1, data={}, evidence=[])
    claim_case(reviewer=who, case_id=case.id)
    with pytest.raises(CaseMoved):
        decide(reviewer=who, case_id=case.id, round=1, reason="all_good", text="")
    decide(reviewer=who, case_id=case.id, round=2, reason="all_good", text="好")
    assert list(Decision.objects.order_by("round").values_list("round", "outcome")) == [(1, "return"), (2, "approve")]
    titles = [str(line.title) for line in queries.timeline(answered)]
    assert titles == ["审核通过", "开始审核", "已补正并重新提交", "退回补正", "开始审核", "已提交"]


def test_four_eyes_decide_only_together() -> None:
    case, first = decided(TWICE)
    assert case.state == CaseState.AWAITING_SECOND
    assert str(queries.state_text(case)) == "审核中", "a second opinion is our affair"
    assert TWICE.applied == []
    with pytest.raises(SameReviewer):
        claim_case(reviewer=first, case_id=case.id)
    with pytest.raises(SameReviewer):
        confirm(reviewer=first, case_id=case.id, round=1)
    second = reviewer()
    with pytest.raises(NotHolder):
        confirm(reviewer=second, case_id=case.id, round=1)
    claim_case(reviewer=second, case_id=case.id)
    with pytest.raises(CaseMoved):
        said(second, case)
    decision = confirm(reviewer=second, case_id=case.id, round=1)
    assert (decision.decided_by_id, decision.confirmed_by_id) == (first.id, second.id)
    assert [view.confirmed_by for view in TWICE.applied] == [second.id]
    assert queries.timeline(case)[0].text == "说明"
    with pytest.raises(CaseMoved):
        confirm(reviewer=second, case_id=case.id, round=1)


def test_the_database_itself_knows_four_eyes() -> None:
    case, first = decided(TWICE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.update(settlement="confirmed", settled_at=case.opened_at, settled_by=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            case=case, round=1, outcome="approve", reason="x", text="x", decided_by=first, confirmed_by=first
        )


def test_a_return_needs_one_reviewer() -> None:
    case, _who = decided(TWICE, "blurred")
    assert case.state == CaseState.RETURNED


def test_disagreement_goes_to_a_senior_reviewer() -> None:
    case, first = decided(TWICE, "forged")
    second = reviewer()
    claim_case(reviewer=second, case_id=case.id)
    decline(reviewer=second, case_id=case.id, round=1, note="照片足够清楚")
    case.refresh_from_db()
    assert (case.state, case.senior_only) == (CaseState.SUBMITTED, True)
    with pytest.raises(SeniorNeeded):
        claim_case(reviewer=first, case_id=case.id)
    boss = senior()
    claim_case(reviewer=boss, case_id=case.id)
    said(boss, case)
    with pytest.raises(SeniorNeeded):
        claim_case(reviewer=first, case_id=case.id)
    other = senior()
    claim_case(reviewer=other, case_id=case.id)
    confirm(reviewer=other, case_id=case.id, round=1)
    assert Decision.objects.get().decided_by == boss
    assert "照片足够清楚" not in str([line.text for line in queries.timeline(case)])


def test_a_case_handed_back_waits_again() -> None:
    case, who = claimed()
    hand_back(reviewer=who, case_id=case.id, note="我下班了")
    case.refresh_from_db()
    assert case.state == CaseState.SUBMITTED
    with pytest.raises(NotHolder):
        hand_back(reviewer=who, case_id=case.id)
    assert claim_next(reviewer=who).case_id == case.id


def test_a_second_reviewer_may_hand_back_too() -> None:
    case, _first = decided(TWICE)
    second = reviewer()
    claim_case(reviewer=second, case_id=case.id)
    hand_back(reviewer=second, case_id=case.id)
    case.refresh_from_db()
    assert case.state == CaseState.AWAITING_SECOND


def test_a_case_is_passed_on_to_a_senior_reviewer() -> None:
    case, who = claimed()
    escalate_case(reviewer=who, case_id=case.id, why="疑似伪造")
    with pytest.raises(SeniorNeeded):
        claim_case(reviewer=who, case_id=case.id)
    claim_case(reviewer=senior(), case_id=case.id)


def test_who_is_related_steps_back() -> None:
    case, who = claimed()
    declare_relation(reviewer=who, case_id=case.id)
    declare_relation(reviewer=who, case_id=case.id)
    assert history(case).count("related") == 1
    for act in (
        lambda: claim_case(reviewer=who, case_id=case.id),
        lambda: reveal(reviewer=who, case_id=case.id),
        lambda: add_note(reviewer=who, case_id=case.id, text="x"),
    ):
        with pytest.raises(Related):
            act()
    case.refresh_from_db()
    assert case.state == CaseState.SUBMITTED
    other = reviewer()
    claim_case(reviewer=other, case_id=case.id)
    bystander = reviewer()
    declare_relation(reviewer=bystander, case_id=case.id)
    said(other, case)
    chief = senior()
    declare_relation(reviewer=chief, case_id=case.id)
    with pytest.raises(Related):
        reopen_case(reviewer=chief, case_id=case.id, why="x")


def test_nobody_decides_a_case_with_their_own_telephone() -> None:
    insider = staff(Role.REVIEWER, phone=PHONE, phone_index="i", phone_proved_at=a_case().opened_at)
    case = a_case(account_id=citizen().id)
    with pytest.raises(Related):
        claim_case(reviewer=insider, case_id=case.id)
    with pytest.raises(NothingWaiting):
        claim_next(reviewer=insider)


def test_the_next_case_is_the_one_due_first() -> None:
    later, sooner, other = a_case(), a_case(), a_case(TWICE)
    Case.objects.filter(id=sooner.id).update(due_on="2020-01-01")
    who = reviewer()
    assert claim_next(reviewer=who, kind=TWICE.kind.name).case_id == other.id
    assert claim_next(reviewer=who).case_id == sooner.id
    assert claim_next(reviewer=who).case_id == later.id
    with pytest.raises(NothingWaiting):
        claim_next(reviewer=who)


def test_a_senior_reviewer_reopens_and_others_decide(store: FakeStore) -> None:
    case, who = decided(reason="forged")
    chief = senior()
    reopened = reopen_case(reviewer=chief, case_id=case.id, why="新材料")
    assert (reopened.state, reopened.round, reopened.ended_at, reopened.senior_only) == ("submitted", 2, None, True)
    assert store.ended[case.id] is None
    assert queries.last_submission(reopened).round == 1
    assert set(history(case)[-2:]) == {Happening.REOPENED, Happening.NOTED}, "of one moment, while time stands still"
    assert "新材料" not in str([line.text for line in queries.timeline(case)])
    with pytest.raises(CaseMoved):
        reopen_case(reviewer=chief, case_id=case.id, why="x")
    with pytest.raises(SeniorNeeded):
        claim_case(reviewer=who, case_id=case.id)
    claim_case(reviewer=chief, case_id=case.id)
    said(chief, reopened)
    again = reopen_case(reviewer=chief, case_id=case.id, why="再看")
    with pytest.raises(SameReviewer):
        claim_case(reviewer=chief, case_id=case.id)
    assert again.round == 3


def test_an_objection_brings_a_case_back_once() -> None:
    case, _who = decided()
    assert return_to_senior(actor=Actor.system(), case_id=case.id, why="原手机号取消了申诉").round == 2
    chief = senior()
    claim_case(reviewer=chief, case_id=case.id)
    said(chief, queries.case(case.id))
    with pytest.raises(CaseMoved):
        return_to_senior(actor=Actor.system(), case_id=case.id, why="再次取消")


def test_a_withdrawn_case_is_nobodys_work(store: FakeStore) -> None:
    heard: list[CaseCancelled] = []
    subscribe(CaseCancelled, heard.append)
    case, _first = decided(TWICE)
    second = reviewer()
    claim_case(reviewer=second, case_id=case.id)
    cancel_case(actor=ANYBODY, case_id=case.id)
    assert heard == [CaseCancelled(case.id, TWICE.kind.name)]
    assert Proposal.objects.get().settlement == "cancelled"
    with pytest.raises(CaseMoved):
        confirm(reviewer=second, case_id=case.id, round=1)
    with pytest.raises(CaseMoved):
        cancel_case(actor=ANYBODY, case_id=case.id)
    assert not Assignment.objects.filter(ended_at__isnull=True).exists()


def test_every_look_is_written_down(store: FakeStore) -> None:
    file, hidden = new_id(), new_id()
    case, who = claimed(evidence=[file, hidden])
    store.not_ready.add(hidden)
    assert reveal(reviewer=who, case_id=case.id).data["name"] == "张三"
    assert view_file(reviewer=who, case_id=case.id, file_id=file).media_type == "image/png"
    for stranger in (new_id(), hidden):
        with pytest.raises(CaseUnknown):
            view_file(reviewer=who, case_id=case.id, file_id=stranger)
    with pytest.raises(NotHolder):
        view_file(reviewer=reviewer(), case_id=case.id, file_id=file)
    names = Event.objects.filter(name__in=["review:case:revealed", "review:file:viewed"])
    assert sorted(names.values_list("name", flat=True)) == ["review:case:revealed", "review:file:viewed"]
    assert store.opened == [file]


def test_an_unknown_case() -> None:
    who = senior()
    for act in (hand_back, declare_relation, claim_case, reveal):
        with pytest.raises(CaseUnknown):
            act(reviewer=who, case_id=new_id())


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_thirty_reviewers_claim_one_case_once() -> None:
    case = a_case()
    people = [reviewer() for _ in range(30)]
    results = in_parallel(30, lambda number: claim_case(reviewer=people[number], case_id=case.id).reviewer_id)
    assert sorted(map(_kind_of, results)) == ["Held"] * 29 + ["UUID"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_thirty_decisions_are_one() -> None:
    case, who = claimed()
    reasons = ("all_good", "blurred", "forged")
    results = in_parallel(30, lambda number: type(said(who, case, reasons[number % 3])))
    refused = [result for result in results if isinstance(result, ReviewError)]
    assert len(refused) == 29, results
    assert all(isinstance(refusal, CaseMoved) for refusal in refused)
    assert Decision.objects.count() == len(SINGLE.applied) == 1
    assert Sms.objects.exclude(template="case_submitted").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_confirming_declining_and_cancelling_at_once_is_one_of_them() -> None:
    case, _first = decided(TWICE)
    second = reviewer()
    claim_case(reviewer=second, case_id=case.id)

    def act(number: int) -> str:
        if number % 3 == 0:
            confirm(reviewer=second, case_id=case.id, round=1)
        elif number % 3 == 1:
            decline(reviewer=second, case_id=case.id, round=1, note="x")
        else:
            cancel_case(actor=ANYBODY, case_id=case.id)
        return "done"

    results = in_parallel(30, act)
    state = queries.case(case.id).state
    assert Proposal.objects.exclude(settlement="").count() == 1
    assert Decision.objects.count() == len(TWICE.applied) == (state == CaseState.APPROVED)
    assert all(isinstance(result, CaseMoved) or result == "done" for result in results), results


def _kind_of(result: object) -> str:
    return type(result).__name__
