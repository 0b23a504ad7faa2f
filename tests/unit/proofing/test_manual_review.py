"""The manual path: who may take it, what is frozen, what a decision does. Attacks first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.moved_clock import MovedClock, moved_clock
from tests.parallel import in_parallel
from tests.unit.proofing.conftest import on_record
from tests.unit.proofing.people import person, unit
from tests.unit.vault import pictures as samples
from tongban.accounts.flows.bind import bind_document
from tongban.accounts.models import Account, IdentityBinding
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.challenge.errors import TooManyRequests
from tongban.kernel.assurance import AssuranceLevel
from tongban.notify.models import Sms
from tongban.notify.queries import messages_for
from tongban.proofing import queries, review_kinds, slots
from tongban.proofing.entries import PersonEntries, UnitEntries
from tongban.proofing.errors import ConsentMissing, EvidenceMissing, EvidenceNotReady, NotFromHere
from tongban.proofing.flows.consent_to_pictures import consent_to_pictures
from tongban.proofing.flows.forget import forget
from tongban.proofing.flows.send_to_review import send_to_review
from tongban.proofing.flows.submit import submit
from tongban.proofing.models import EvidenceConsent, ManualReview, Proof, Verification
from tongban.proofing.queries import State
from tongban.proofing.rules import REVIEWABLE, Answer, Result, Step
from tongban.review.errors import ApplyRefused
from tongban.review.flows.cancel_case import cancel_case
from tongban.review.flows.claim_case import claim_case
from tongban.review.flows.decide import decide
from tongban.review.flows.reopen_case import reopen_case
from tongban.review.models import Case, CaseSubject
from tongban.review.rules import CaseState
from tongban.vault import holders
from tongban.vault.flows.accept_evidence import accept_evidence
from tongban.vault.flows.erase_evidence import delete_evidence
from tongban.vault.flows.reencode_evidence import reencode_due
from tongban.vault.purposes import Purpose
from tongban.vault.queries import evidence_for, evidence_of_case

VERSION = "1"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


@pytest.fixture
def time() -> Iterator[MovedClock]:
    with moved_clock() as clock:
        yield clock


def staff(role: str = "reviewer", name: str = "reviewer") -> Account:
    account = Account.objects.create(realm="staff", login_name=name, login_name_key=name)
    account.staff_roles.create(role=role)
    return account


def upload(account: Account, *slots: str, draw: bool = True) -> None:
    holder = holders.of_account(account.pk)
    for number, slot in enumerate(slots):
        content = samples.jpeg(100 + number, 80)
        accept_evidence(actor=Actor("natural"), holder=holder, slot=slot, content=content)
    if draw:
        reencode_due()


def unconfirmed(account: Account, entries: PersonEntries | UnitEntries | None = None) -> Verification:
    """Return a verification of `account` that no register knows."""
    verification = submit(actor=account, entries=entries or person(), consent_version=VERSION)
    assert verification.result in REVIEWABLE
    return verification


def sent(account: Account, entries: PersonEntries | UnitEntries | None = None) -> Case:
    """Return the case of an account that has done everything right."""
    verification = unconfirmed(account, entries)
    consent_to_pictures(actor=account, verification=verification, version=VERSION)
    upload(account, *(("licence", "letter", "representative") if account.realm == "legal" else ("front", "back")))
    return send_to_review(actor=account, consent_version=VERSION)


def decided(case: Case, reason: str, reviewer: Account | None = None) -> None:
    who = reviewer or staff()
    claim_case(reviewer=who, case_id=case.pk)
    case.refresh_from_db()
    decide(reviewer=who, case_id=case.pk, round=case.round, reason=reason, text="请看说明。")


def state(account: Account) -> State:
    return queries.status(Account.objects.get(pk=account.pk)).state


# What does not work


def test_without_a_failed_check_there_is_nothing_to_review(natural: Account) -> None:
    upload(natural, "front", "back")
    with pytest.raises(NotFromHere):
        send_to_review(actor=natural, consent_version=VERSION)
    on_record(person())
    submit(actor=natural, entries=person(), consent_version=VERSION)
    with pytest.raises(NotFromHere):
        send_to_review(actor=natural, consent_version=VERSION)
    assert not Case.objects.exists()


def test_without_the_separate_consent_nothing_is_handed_in(natural: Account) -> None:
    verification = unconfirmed(natural)
    consent_to_pictures(actor=natural, verification=verification, version="an older text")
    upload(natural, "front", "back")
    with pytest.raises(ConsentMissing):
        send_to_review(actor=natural, consent_version=VERSION)


def test_the_consent_is_written_down_once(natural: Account) -> None:
    verification = unconfirmed(natural)
    for _again in range(2):
        consent_to_pictures(actor=natural, verification=verification, version=VERSION)
    assert EvidenceConsent.objects.count() == 1
    assert Event.objects.filter(name="proofing:consent:given_for_pictures").count() == 1


def test_pictures_must_be_there_and_ready(natural: Account) -> None:
    consent_to_pictures(actor=natural, verification=unconfirmed(natural), version=VERSION)
    upload(natural, "front")
    with pytest.raises(EvidenceMissing) as missing:
        send_to_review(actor=natural, consent_version=VERSION)
    assert missing.value.params == {"slot": "back"}
    upload(natural, "front", "back", draw=False)
    with pytest.raises(EvidenceNotReady):
        send_to_review(actor=natural, consent_version=VERSION)
    holder = holders.of_account(natural.pk)
    accept_evidence(actor=Actor("natural"), holder=holder, slot="back", content=samples.jpeg()[:-400])
    reencode_due()
    with pytest.raises(EvidenceMissing):
        send_to_review(actor=natural, consent_version=VERSION)


def test_pictures_of_others_do_not_count(natural: Account) -> None:
    consent_to_pictures(actor=natural, verification=unconfirmed(natural), version=VERSION)
    other = Account.objects.create(
        realm="natural", login_name="other", login_name_key="other", phone="13800000003", phone_index="x",
        phone_proved_at=natural.phone_proved_at,
    )  # fmt: skip
    upload(other, "front", "back")
    with pytest.raises(EvidenceMissing):
        send_to_review(actor=natural, consent_version=VERSION)
    assert len(evidence_for(holders.of_account(other.pk))) == 2


def test_slots_nobody_asked_for_are_not_handed_in(natural: Account) -> None:
    consent_to_pictures(actor=natural, verification=unconfirmed(natural), version=VERSION)
    upload(natural, "front", "back", "licence")
    case = send_to_review(actor=natural, consent_version=VERSION)
    assert [file.slot for file in evidence_of_case(case.pk)] == ["front", "back"]


def test_an_account_cannot_flood_the_desk(natural: Account, settings: Any) -> None:
    settings.PROOFING_REVIEWS_PER_ACCOUNT = "1/d"
    case = sent(natural)
    cancel_case(actor=Actor.system(), case_id=case.pk)
    upload(natural, "front", "back")
    with pytest.raises(TooManyRequests):
        send_to_review(actor=natural, consent_version=VERSION)
    assert len(evidence_for(holders.of_account(natural.pk))) == 2


@pytest.mark.race
def test_thirty_submissions_at_once_open_one_case(natural: Account) -> None:
    consent_to_pictures(actor=natural, verification=unconfirmed(natural), version=VERSION)
    upload(natural, "front", "back")
    answers = in_parallel(30, lambda _turn: send_to_review(actor=natural, consent_version=VERSION).pk)
    assert len(set(answers)) == 1
    assert Case.objects.count() == ManualReview.objects.count() == 1
    assert Sms.objects.filter(key__startswith="review:").count() == 1


# What is frozen


def test_everything_is_frozen_with_the_case(natural: Account) -> None:
    case = sent(natural)
    submission = case.submissions.get()
    assert submission.read(Purpose.REVIEW) == {
        "name": "张三",
        "document_kind": "resident_id",
        "document_number": person().document.number,
    }
    files = evidence_of_case(case.pk)
    assert submission.files == [file.pk for file in files]
    delete_evidence(actor=Actor("natural"), holder=holders.of_account(natural.pk), slot="front")
    upload(natural, "front")
    assert evidence_of_case(case.pk) == files
    assert all(file.blob for file in files)
    assert CaseSubject.objects.get().value.reveal(Purpose.REVIEW) == f"resident_id:{person().document.number}"
    assert state(natural) is State.REVIEW
    assert queries.step(natural) is Step.REVIEW


def test_a_unit_hands_in_what_a_unit_has(legal: Account) -> None:
    case = sent(legal, unit())
    read = case.submissions.get().read(Purpose.REVIEW)
    assert (read["unit_type"], slots.words("unit_type", read["unit_type"])) == ("enterprise", "企业")
    assert (read["region"], slots.words("region", read["region"])) == ("11", "北京市")
    assert slots.words("region", "北京市") == "北京市", "as cases of earlier releases have it"
    assert read["agent_phone"] == "13800001234"
    assert set(read) <= set(slots.UNIT_LABELS)
    assert {subject.name for subject in case.subjects.all()} == {"unit", "document"}


# What a decision does


def test_approval_binds_with_the_level_of_a_review(natural: Account) -> None:
    case = sent(natural)
    decided(case, "confirmed")
    binding = IdentityBinding.objects.get()
    assert binding.assurance == AssuranceLevel.REVIEWED
    proof = Proof.objects.get()
    assert (proof.authority, proof.assurance) == ("review", AssuranceLevel.REVIEWED)
    assert state(natural) is State.VERIFIED
    assert Verification.objects.get().result == Result.VERIFIED
    assert [message.title for message in messages_for(natural.pk)][:1] == ["办件已通过"]
    assert Event.objects.filter(name="proofing:verification:reviewed", actor_kind="staff").count() == 1
    with pytest.raises(NotFromHere):
        send_to_review(actor=natural, consent_version=VERSION)


def test_approval_of_a_unit(legal: Account) -> None:
    decided(sent(legal, unit()), "confirmed")
    assert IdentityBinding.objects.get().unit_name == "北京示例科技有限公司"


def test_approval_is_refused_when_another_account_has_the_identity(natural: Account) -> None:
    case = sent(natural)
    other = Account.objects.create(
        realm="natural", login_name="other", login_name_key="other", phone="13800000003", phone_index="x",
        phone_proved_at=natural.phone_proved_at,
    )  # fmt: skip
    bind_document(
        actor=Actor.system(),
        account=other,
        document=person().document,
        name=person().name,
        assurance=AssuranceLevel.CROSS_CHECKED,
    )
    told = {str(fact.label): fact.kind for fact in review_kinds.facts(case)}
    assert told["其他账号"] == "bad"
    with pytest.raises(ApplyRefused) as refused:
        decided(case, "confirmed")
    assert refused.value.reason == "already_bound"
    case.refresh_from_db()
    assert case.state == CaseState.IN_REVIEW
    assert state(natural) is State.REVIEW


def test_a_return_can_be_answered_with_the_pictures_that_were_wrong(natural: Account) -> None:
    case = sent(natural)
    first = evidence_of_case(case.pk)
    decided(case, "unclear_picture")
    assert state(natural) is State.RETURNED
    upload(natural, "back")
    again = send_to_review(actor=natural, consent_version=VERSION)
    assert (again.pk, again.round, again.state) == (case.pk, 2, CaseState.SUBMITTED)
    handed_in = case.submissions.get(round=2).files
    assert handed_in[0] == first[0].pk
    assert handed_in[1] not in {file.pk for file in first}
    assert len(evidence_of_case(case.pk)) == 3
    assert state(natural) is State.REVIEW
    assert ManualReview.objects.count() == 1


def test_rejection_says_so_and_leaves_the_way_open(natural: Account) -> None:
    decided(sent(natural), "not_genuine")
    assert state(natural) is State.REJECTED
    with pytest.raises(NotFromHere):
        send_to_review(actor=natural, consent_version=VERSION)
    assert not IdentityBinding.objects.exists()
    unconfirmed(natural, person(2))
    assert state(natural) is State.NO_RECORD


def test_new_entries_cancel_the_case(natural: Account) -> None:
    case = sent(natural)
    on_record(person(2))
    submit(actor=natural, entries=person(2), consent_version=VERSION)
    case.refresh_from_db()
    assert case.state == CaseState.CANCELLED
    assert state(natural) is State.VERIFIED


def test_new_entries_when_the_case_was_decided_a_moment_ago(natural: Account, monkeypatch: Any) -> None:
    case = sent(natural)
    status = queries.status(natural)
    Case.objects.filter(pk=case.pk).update(state=CaseState.REJECTED, ended_at=case.opened_at)
    monkeypatch.setattr("tongban.proofing.flows.cancel_review.queries.status", lambda account: status)
    monkeypatch.setattr("tongban.proofing.flows.submit.queries.step", lambda account: Step.REVIEW)
    unconfirmed(natural, person(2))
    case.refresh_from_db()
    assert case.state == CaseState.REJECTED


def test_a_withdrawn_case_can_be_followed_by_another(natural: Account) -> None:
    first = sent(natural)
    cancel_case(actor=Actor.system(), case_id=first.pk)
    assert state(natural) is State.NO_RECORD
    upload(natural, "front", "back")
    second = send_to_review(actor=natural, consent_version=VERSION)
    assert second.pk != first.pk
    assert state(natural) is State.REVIEW


def test_a_changed_identity_is_reviewed_while_the_earlier_proof_stands(natural: Account) -> None:
    on_record(person())
    submit(actor=natural, entries=person(), consent_version=VERSION)
    case = sent(natural, person(2))
    assert state(natural) is State.VERIFIED
    assert queries.status(natural).in_review
    assert "已实名认证，本次为变更" in [str(fact.value) for fact in review_kinds.facts(case)]
    decided(case, "confirmed")
    assert IdentityBinding.objects.filter(released_at__isnull=True).count() == 1


@pytest.mark.parametrize(("second", "live"), [("confirmed", 1), ("not_genuine", 0)])
def test_a_reopened_approval_is_kept_or_reversed(natural: Account, second: str, live: int) -> None:
    case = sent(natural)
    decided(case, "confirmed")
    reopen_case(reviewer=staff("senior_reviewer", "senior"), case_id=case.pk, why="x")
    decided(case, second, staff("senior_reviewer", "another"))
    assert IdentityBinding.objects.filter(released_at__isnull=True).count() == live
    assert IdentityBinding.objects.count() == 1
    assert state(natural) is (State.VERIFIED if live else State.REJECTED)


def test_what_is_in_force_is_not_sent_back_for_correction(natural: Account) -> None:
    case = sent(natural)
    decided(case, "confirmed")
    reopen_case(reviewer=staff("senior_reviewer", "senior"), case_id=case.pk, why="x")
    with pytest.raises(ApplyRefused) as refused:
        decided(case, "entries_differ", staff("senior_reviewer", "another"))
    assert refused.value.reason == "in_force"
    assert state(natural) is State.VERIFIED


def test_a_rejection_reopened_and_returned_can_be_answered(natural: Account) -> None:
    case = sent(natural)
    decided(case, "not_genuine")
    reopen_case(reviewer=staff("senior_reviewer", "senior"), case_id=case.pk, why="x")
    decided(case, "entries_differ", staff("senior_reviewer", "another"))
    assert state(natural) is State.RETURNED
    upload(natural, "front", "back")
    assert send_to_review(actor=natural, consent_version=VERSION).pk == case.pk
    assert state(natural) is State.REVIEW


def test_what_was_released_is_not_approved_a_second_time(natural: Account) -> None:
    case = sent(natural)
    decided(case, "confirmed")
    reopen_case(reviewer=staff("senior_reviewer", "senior"), case_id=case.pk, why="x")
    decided(case, "not_genuine", staff("senior_reviewer", "another"))
    reopen_case(reviewer=staff("senior_reviewer", "third"), case_id=case.pk, why="x")
    with pytest.raises(ApplyRefused) as refused:
        decided(case, "confirmed", staff("senior_reviewer", "fourth"))
    assert refused.value.reason == "entries_gone"


# What the desk is told, and what is forgotten


def test_the_desk_is_told_what_the_platform_knows(natural: Account) -> None:
    on_record(person(), answer=Answer.MISMATCH)
    verification = submit(actor=natural, entries=person(), consent_version=VERSION)
    assert verification.result == Result.MISMATCH
    assert "信息不一致" not in [str(fact.value) for fact in _facts_of(natural)]
    case = sent(natural, person(3))
    told = [(str(fact.label).partition("（")[0], str(fact.value), fact.kind) for fact in review_kinds.facts(case)]
    assert ("核验机构对本人信息的答复", "没有记录", "wait") in told
    assert ("此前的认证", "信息不一致", "plain") in told
    assert ("其他账号", "没有其他账号认证了这个证件或单位", "good") in told
    assert ("账号目前", "未实名认证", "plain") in told
    assert not any("张三" in value or person().document.number in value for _label, value, _kind in told)


def _facts_of(account: Account) -> list[Any]:
    consent_to_pictures(actor=account, verification=queries.latest(account), version=VERSION)  # type: ignore[arg-type]
    upload(account, "front", "back")
    return list(review_kinds.facts(send_to_review(actor=account, consent_version=VERSION)))


def test_the_desk_is_told_that_nobody_could_be_asked(natural: Account) -> None:
    case = sent(natural)
    verification = Verification.objects.get()
    verification.answers.all().delete()
    Verification.objects.update(entries=None)
    told = [str(fact.label) for fact in review_kinds.facts(case)]
    assert "核验机构的答复" in told
    assert "其他账号" not in told
    with pytest.raises(ApplyRefused):
        decided(case, "confirmed")


def test_facts_about_a_unit(legal: Account) -> None:
    case = sent(legal, unit())
    assert "其他账号" in [str(fact.label) for fact in review_kinds.facts(case)]


def test_what_a_reviewer_looks_at_is_not_forgotten(natural: Account, settings: Any, time: MovedClock) -> None:
    case = sent(natural)
    time.forward(days=settings.PROOFING_KEEP_DAYS + 1)
    forget()
    assert Verification.objects.get().entries is not None
    cancel_case(actor=Actor.system(), case_id=case.pk)
    forget()
    assert Verification.objects.get().entries is None
    assert not queries.status(natural).may_upload


@pytest.mark.parametrize("name", ["person_proofing", "unit_proofing"])
def test_every_kind_can_say_yes_return_and_no(name: str) -> None:
    from tongban.review.kinds import kind

    assert {reason.outcome.value for reason in kind(name).reasons} == {"approve", "return", "reject"}
    assert len({reason.code for reason in kind(name).reasons}) == len(kind(name).reasons)
    assert kind(name).answer_url
