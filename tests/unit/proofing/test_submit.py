"""保存: what each answer of the authority leads to, and what is written down about it."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from pytest_django import Settings

from tests.moved_clock import MovedClock, moved_clock
from tests.unit.proofing.conftest import make_account, on_record, unit_on_record
from tests.unit.proofing.people import person, resident_id, unit
from tongban.accounts.models import Account, IdentityBinding
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.challenge.errors import TooManyRequests
from tongban.kernel import clock
from tongban.kernel.assurance import AssuranceLevel
from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.names import PersonName
from tongban.notify.models import InSiteMessage, Sms
from tongban.proofing import queries
from tongban.proofing.adapters.register import Register
from tongban.proofing.entries import Entries, PersonEntries, as_json
from tongban.proofing.errors import NotFromHere, NothingToVerify
from tongban.proofing.flows.ask_authority import ask_authority
from tongban.proofing.flows.ask_waiting import ask_waiting
from tongban.proofing.flows.settle import settle
from tongban.proofing.flows.submit import submit
from tongban.proofing.flows.switch_authority import switch_authority
from tongban.proofing.flows.withdraw import withdraw
from tongban.proofing.models import AuthorityAnswer, Draft, Proof, SensitiveConsent, Verification
from tongban.proofing.queries import State
from tongban.proofing.rules import Answer, Block, Result, Said, Step
from tongban.vault.purposes import Purpose

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def watch() -> Iterator[MovedClock]:
    with moved_clock() as standing:
        yield standing


def save(account: Account, entries: Entries) -> Verification:
    return submit(actor=account, entries=entries, consent_version="v1")


def events() -> list[str]:
    # In alphabetical order: ids made in one millisecond have none of their own.
    return sorted(Event.objects.filter(name__startswith="proofing").values_list("name", flat=True))


@pytest.mark.usefixtures("zhang_san")
def test_a_match_binds_the_document_and_proves_it(natural: Account) -> None:
    verification = save(natural, person())
    assert verification.result == Result.VERIFIED
    binding = IdentityBinding.objects.get()
    proof = Proof.objects.get()
    assert (proof.binding, proof.verification, proof.authority) == (binding, verification, "register")
    assert proof.assurance == AssuranceLevel.CROSS_CHECKED
    status = queries.status(natural)
    assert (status.state, status.assurance, status.name) == (State.VERIFIED, AssuranceLevel.CROSS_CHECKED, "张*")
    assert status.verified_at is not None
    assert queries.step(natural) is Step.VERIFIED


@pytest.mark.usefixtures("zhang_san")
def test_everything_is_written_down_once(natural: Account) -> None:
    verification = save(natural, person())
    assert sorted(events()) == [
        "proofing:consent:given",
        "proofing:verification:submitted",
        "proofing:verification:verified",
    ]
    consent = SensitiveConsent.objects.get()
    assert (consent.verification, consent.version, consent.withdrawn_at) == (verification, "v1", None)
    answer = AuthorityAnswer.objects.get()
    assert (answer.block, answer.answer, answer.authority) == (Block.PERSON, Answer.MATCH, "register")
    assert InSiteMessage.objects.get().template == "verified"
    assert Sms.objects.get().template == "verified"


@pytest.mark.usefixtures("zhang_san")
def test_a_wrong_name_is_a_mismatch_that_can_be_corrected(natural: Account) -> None:
    assert save(natural, person(name="张四")).result == Result.MISMATCH
    known = queries.profile(natural)
    assert known.status.state is State.MISMATCH
    assert known.wrong == {Block.PERSON}
    assert known.submitted == person(name="张四")
    assert queries.step(natural) is Step.CORRECT
    assert not Sms.objects.exists()
    assert InSiteMessage.objects.get().template == "verification_mismatch"
    assert save(natural, person()).result == Result.VERIFIED
    assert queries.profile(natural).submitted is None


@pytest.mark.usefixtures("zhang_san")
def test_nobody_on_record_is_no_record(natural: Account) -> None:
    assert save(natural, person(2)).result == Result.NO_RECORD
    assert queries.status(natural).state is State.NO_RECORD


def test_a_kind_without_an_authority_is_not_asked_for(natural: Account) -> None:
    entries = PersonEntries(PersonName.parse("JOHN SMITH"), Document(DocumentKind.PASSPORT, "X1234567", "GBR"))
    assert save(natural, entries).result == Result.NO_AUTHORITY
    assert queries.status(natural).state is State.NO_RECORD
    assert not AuthorityAnswer.objects.exists()


@pytest.mark.usefixtures("example_unit")
def test_a_unit_is_verified_with_an_agent_nobody_has_a_record_of(legal: Account) -> None:
    assert save(legal, unit()).result == Result.VERIFIED
    assert IdentityBinding.objects.get().uscc == unit().uscc.value
    assert queries.status(legal).name == "北京示例科技有限公司"
    assert not AuthorityAnswer.objects.filter(block=Block.AGENT).exists()


@pytest.mark.usefixtures("example_unit")
def test_an_agent_whose_number_is_another_persons_is_a_mismatch_of_that_block(legal: Account) -> None:
    on_record(person(11, name="别人"))
    assert save(legal, unit()).result == Result.MISMATCH
    assert queries.profile(legal).wrong == {Block.AGENT}


def test_a_document_of_another_account_is_told_only_to_who_knows_its_name(natural: Account, zhang_san: object) -> None:
    save(natural, person())
    other = make_account(login_name="other")
    assert save(other, person(name="张四")).result == Result.MISMATCH
    assert save(other, person()).result == Result.CONFLICT
    assert queries.status(other).state is State.CONFLICT
    assert IdentityBinding.objects.get(released_at=None).account == natural


def test_two_countries_may_issue_the_same_passport_number(natural: Account) -> None:
    for country, account in (("GBR", natural), ("USA", make_account(login_name="other"))):
        entries = PersonEntries(PersonName.parse("JOHN SMITH"), Document(DocumentKind.PASSPORT, "X1234567", country))
        on_record(entries)
        assert save(account, entries).result == Result.VERIFIED


@pytest.mark.usefixtures("zhang_san")
def test_while_the_authority_is_away_the_entries_wait_and_are_checked_when_it_is_back(
    natural: Account, watch: MovedClock
) -> None:
    switch_authority(actor=Actor.system(), available=False)
    assert save(natural, person()).decided_at is None
    assert queries.status(natural).state is State.CHECKING
    assert queries.step(natural) is Step.WAIT
    assert "proofing:verification:waiting" in events()
    watch.forward(seconds=3)
    assert ask_waiting() == 1
    assert ask_waiting() == 0
    assert switch_authority(actor=Actor.system(), available=True) == 1
    assert ask_waiting() == 1
    assert queries.status(natural).state is State.VERIFIED
    assert events().count("proofing:verification:waiting") == 1
    assert Verification.objects.get().asks == 3
    assert Sms.objects.get().template == "verified"


def test_an_unavailable_person_is_verified_once_the_authority_answers_again(natural: Account) -> None:
    on_record(person(), answer=Answer.UNAVAILABLE)
    assert save(natural, person()).decided_at is None
    switch_authority(actor=Actor.system(), available=True)
    ask_waiting()
    assert queries.status(natural).state is State.VERIFIED


def test_who_waited_is_told_a_bad_result_by_sms_too(natural: Account, watch: MovedClock) -> None:
    held = on_record(person(), answer=Answer.UNAVAILABLE)
    save(natural, person())
    held.answer = Answer.MISMATCH
    held.save()
    watch.forward(seconds=3)
    ask_waiting()
    assert Sms.objects.get().template == "verification_mismatch"


def test_pauses_grow_and_nobody_is_given_up(natural: Account, watch: MovedClock) -> None:
    on_record(person(), answer=Answer.UNAVAILABLE)
    save(natural, person())
    pauses = []
    for _ in range(12):
        waiting = Verification.objects.get()
        assert waiting.next_ask_at is not None
        pauses.append((waiting.next_ask_at - watch.now).total_seconds())
        watch.now = waiting.next_ask_at
        assert ask_waiting() == 1
    assert pauses[:3] == sorted(pauses[:3])
    assert 300 <= pauses[-1] <= 375


def test_only_what_is_unanswered_is_asked_again(
    legal: Account, watch: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit_on_record(unit())
    on_record(person(11, name="李四"), answer=Answer.UNAVAILABLE)
    save(legal, unit())
    assert AuthorityAnswer.objects.get().block == Block.UNIT
    monkeypatch.setattr(Register, "check_unit", lambda *_args, **_entries: pytest.fail("asked again"))
    switch_authority(actor=Actor.system(), available=True)
    ask_waiting()
    assert queries.status(legal).state is State.VERIFIED
    assert AuthorityAnswer.objects.count() == 2


def test_what_is_being_asked_is_left_alone_until_the_lease_is_over(natural: Account, watch: MovedClock) -> None:
    on_record(person())
    Verification.objects.create(
        account=natural,
        block=Block.PERSON,
        entries=as_json(person()),
        digest="died.between",
        submitted_at=watch.now,
        next_ask_at=watch.now + timedelta(seconds=23),
    )
    assert ask_waiting() == 0
    watch.forward(seconds=23)
    assert ask_waiting() == 1
    assert queries.status(natural).state is State.VERIFIED


def test_two_workers_do_not_ask_for_one(natural: Account, watch: MovedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    on_record(person(), answer=Answer.UNAVAILABLE)
    save(natural, person())
    watch.forward(seconds=3)
    monkeypatch.setattr("tongban.proofing.flows.ask_waiting._take", lambda _id: False)
    assert ask_waiting() == 0


def test_a_decided_verification_is_not_decided_again(natural: Account, zhang_san: object) -> None:
    done = save(natural, person())
    again = settle(verification_id=done.pk, said={Block.PERSON: Said(Answer.MISMATCH, "register")})
    assert again.result == Result.VERIFIED
    assert ask_authority(verification_id=done.pk).result == Result.VERIFIED
    assert AuthorityAnswer.objects.count() == 1


def test_the_authority_has_one_deadline_for_all_questions(legal: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    unit_on_record(unit())
    on_record(person(11, name="李四"))
    given: list[float] = []

    def slow(_register: Register, *, within: float, **_entries: object) -> Answer:
        given.append(within)
        return Answer.MATCH

    monkeypatch.setattr(Register, "check_unit", slow)
    stopwatch = SimpleNamespace(monotonic=iter([0.0, 0.1, 3.5]).__next__)
    monkeypatch.setattr("tongban.proofing.flows.ask_authority.time", stopwatch)
    assert save(legal, unit()).decided_at is None
    assert given == [pytest.approx(2.9, abs=0.05)]
    assert AuthorityAnswer.objects.get().block == Block.UNIT


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_authority_is_asked(natural: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    on_record(person())
    was_open: list[bool] = []

    def ask(_register: Register, **_entries: object) -> Answer:
        was_open.append(connection.in_atomic_block)
        return Answer.MATCH

    monkeypatch.setattr(Register, "check_person", ask)
    save(natural, person())
    assert was_open == [False]


def test_a_broken_line_to_the_authority_is_no_answer(natural: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    on_record(person())

    def ask(_register: Register, **_entries: object) -> Answer:
        raise TimeoutError

    monkeypatch.setattr(Register, "check_person", ask)
    assert save(natural, person()).decided_at is None
    assert queries.status(natural).state is State.CHECKING


@pytest.mark.usefixtures("zhang_san")
def test_the_same_entries_are_not_verified_twice(natural: Account) -> None:
    save(natural, person())
    with pytest.raises(NothingToVerify):
        save(natural, person())
    assert Verification.objects.count() == 1


def test_pressing_save_again_while_waiting_changes_nothing(natural: Account) -> None:
    on_record(person(), answer=Answer.UNAVAILABLE)
    assert save(natural, person()) == save(natural, person())


def test_what_waits_counts_even_when_clocks_disagree_about_what_came_last(
    natural: Account, watch: MovedClock, zhang_san: object
) -> None:
    save(natural, person(name="张四"))
    watch.forward(seconds=-60)
    on_record(person(2), answer=Answer.UNAVAILABLE)
    save(natural, person(2))
    assert queries.step(natural) is Step.WAIT
    assert save(natural, person()).result == Result.VERIFIED


def test_other_entries_replace_what_waits_and_its_data_is_forgotten(natural: Account, zhang_san: object) -> None:
    on_record(person(2), answer=Answer.UNAVAILABLE)
    first = save(natural, person(2))
    assert save(natural, person()).result == Result.VERIFIED
    first.refresh_from_db()
    assert (first.result, first.entries) == (Result.SUPERSEDED, None)
    assert "proofing:verification:superseded" in events()


def test_a_proof_stands_while_a_change_is_checked_and_when_it_fails(natural: Account, zhang_san: object) -> None:
    save(natural, person())
    held = on_record(person(2), answer=Answer.UNAVAILABLE)
    save(natural, person(2))
    status = queries.status(natural)
    assert (status.state, status.latest_state, status.checking) == (State.VERIFIED, State.CHECKING, True)
    held.answer = Answer.MISMATCH
    held.save()
    Verification.objects.filter(result="").update(next_ask_at=clock.now())
    ask_waiting()
    known = queries.profile(natural)
    assert (known.status.state, known.status.latest_state) == (State.VERIFIED, State.MISMATCH)
    assert (known.proved, known.submitted) == (person(), person(2))


def test_a_change_that_matches_takes_the_place_of_the_old_proof(natural: Account, zhang_san: object) -> None:
    on_record(person(2))
    save(natural, person())
    assert save(natural, person(2)).result == Result.VERIFIED
    assert queries.profile(natural).proved == person(2)
    assert IdentityBinding.objects.filter(released_at=None).count() == 1
    assert Proof.objects.count() == 2


def test_five_checks_in_six_hours_per_account(natural: Account, watch: MovedClock, zhang_san: object) -> None:
    for number in range(5):
        save(natural, person(name=f"张{'一二四五六'[number]}"))
    with pytest.raises(TooManyRequests) as refusal:
        save(natural, person())
    assert refusal.value.retry_at == watch.now + timedelta(hours=6)
    watch.forward(hours=6, seconds=1)
    assert save(natural, person()).result == Result.VERIFIED


def test_ten_checks_an_hour_per_document_over_all_accounts(settings: Settings, zhang_san: object) -> None:
    settings.PROOFING_PER_DOCUMENT = "2/h"
    for number in range(2):
        save(make_account(login_name=f"n{number}"), person(name=f"张{'一四'[number]}"))
    with pytest.raises(TooManyRequests):
        save(make_account(login_name="third"), person())


def test_names_for_the_number_of_an_agent_cannot_be_tried_out(settings: Settings, legal: Account) -> None:
    settings.PROOFING_PER_DOCUMENT = "1/h"
    unit_on_record(unit())
    on_record(person(11, name="别人"))
    save(legal, unit())
    with pytest.raises(TooManyRequests):
        save(make_account(Realm.LEGAL, login_name="second"), unit(uscc="12110000000000000K"))


def test_withdrawing_stops_the_check_and_forgets_the_entries(natural: Account) -> None:
    on_record(person(), answer=Answer.UNAVAILABLE)
    verification = save(natural, person())
    withdraw(actor=natural)
    verification.refresh_from_db()
    assert (verification.result, verification.entries) == (Result.WITHDRAWN, None)
    assert SensitiveConsent.objects.get().withdrawn_at is not None
    assert queries.status(natural).state is State.NONE
    assert queries.profile(natural).submitted is None
    assert queries.step(natural) is Step.FILL_IN
    assert "proofing:verification:withdrawn" in events()
    with pytest.raises(NotFromHere):
        withdraw(actor=natural)


def test_an_answer_that_comes_first_wins_over_withdrawing(natural: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "step", lambda _account: Step.WAIT)
    with pytest.raises(NotFromHere):
        withdraw(actor=natural)
    assert not Event.objects.exists()


def test_a_type_of_unit_without_an_authority_is_not_asked_for(legal: Account) -> None:
    assert save(legal, unit()).result == Result.NO_AUTHORITY


def test_submitting_ends_the_draft(natural: Account, zhang_san: object) -> None:
    Draft.objects.create(account=natural, entries="{}", kept_at=clock.now())
    save(natural, person())
    assert not Draft.objects.exists()


def test_submitted_entries_are_sealed(natural: Account, zhang_san: object) -> None:
    verification = save(natural, person())
    with connection.cursor() as cursor:
        cursor.execute("SELECT entries FROM proofing_verification")
        (raw,) = cursor.fetchone()
    assert "张三".encode() not in bytes(raw)
    verification.refresh_from_db()
    assert verification.entries is not None
    assert resident_id(1).number in verification.entries.reveal(Purpose.MATCH)


def test_the_status_costs_two_queries(natural: Account, zhang_san: object, django_assert_num_queries: object) -> None:
    save(natural, person())
    with django_assert_num_queries(2):  # type: ignore[operator]
        status = queries.status(natural)
        assert status.state is State.VERIFIED
        assert status.name
