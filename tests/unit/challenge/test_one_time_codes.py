"""The life of a one-time code."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.moved_clock import MovedClock
from tests.unit.challenge.person import Person, other_than
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.challenge.errors import CodeRejected, TooManyRequests
from tongban.challenge.flows.spend_code import spend_code
from tongban.challenge.models import Hits, OneTimeCode
from tongban.challenge.rules import CodePurpose
from tongban.notify.models import Sms

pytestmark = pytest.mark.django_db
WRONG, EXPIRED, SPENT = "challenge.code_wrong", "challenge.code_expired", "challenge.code_spent"
ANN = Person()


def test_a_code_arrives_and_works_once(clock: MovedClock) -> None:
    issued = ANN.asks()
    assert issued.expires_at == clock.now + timedelta(minutes=5)
    assert issued.resend_at == clock.now + timedelta(minutes=1)
    (message,) = ANN.reads()
    assert len(message.code) == 6
    assert message.purpose == "register"
    assert message.code in message.text
    assert ANN.types(message.code) == "accepted"
    assert ANN.types(message.code) == SPENT


def test_spaces_and_full_width_digits_are_no_mistake() -> None:
    code = ANN.asks_and_reads()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert ANN.types(f" {wide[:3]} {wide[3:]} ") == "accepted"


@pytest.mark.parametrize(
    "stranger",
    [ANN.but(browser="browser-2"), ANN.but(phone="13912345678"), ANN.but(purpose=CodePurpose.RESET_PASSWORD)],
)
def test_a_code_is_bound_to_purpose_phone_and_browser(stranger: Person) -> None:
    code = ANN.asks_and_reads()
    assert stranger.types(code) == WRONG
    assert ANN.types(code) == "accepted"


def test_a_code_expires(clock: MovedClock) -> None:
    code = ANN.asks_and_reads()
    clock.forward(minutes=5)
    assert ANN.types(code) == EXPIRED
    assert ANN.types(code) == EXPIRED
    code = ANN.asks_and_reads()
    clock.forward(minutes=4, seconds=59)
    assert ANN.types(code) == "accepted"


def test_five_wrong_tries_end_it() -> None:
    code = ANN.asks_and_reads()
    assert [ANN.types(other_than(code)) for _ in range(5)] == [WRONG] * 4 + [SPENT]
    assert ANN.types(code) == SPENT


def test_sending_again_replaces_the_code_and_keeps_the_tries(clock: MovedClock) -> None:
    first = ANN.asks_and_reads()
    assert [ANN.types(other_than(first)) for _ in range(3)] == [WRONG] * 3
    clock.forward(minutes=1)
    second = ANN.asks_and_reads()
    assert ANN.types(other_than(second)) == WRONG
    assert ANN.types(other_than(second)) == SPENT
    assert ANN.types(second) == SPENT


def test_sending_again_makes_the_earlier_code_wrong(clock: MovedClock) -> None:
    first = ANN.asks_and_reads()
    clock.forward(minutes=2)
    second = ANN.asks_and_reads()
    assert first == second or ANN.types(first) == WRONG
    clock.forward(minutes=4)
    assert ANN.types(second) == "accepted"
    assert OneTimeCode.objects.get().times_sent == 2


def test_after_its_end_a_new_life_begins(clock: MovedClock) -> None:
    code = ANN.asks_and_reads()
    for _ in range(5):
        ANN.types(other_than(code))
    clock.forward(minutes=1)
    assert ANN.types(ANN.asks_and_reads()) == "accepted"
    clock.forward(minutes=6)
    lapsed = ANN.asks_and_reads()
    assert ANN.types(other_than(lapsed)) == WRONG
    clock.forward(minutes=6)
    assert ANN.types(ANN.asks_and_reads()) == "accepted"
    ends = OneTimeCode.objects.order_by("created_at").values_list("end_reason", "wrong_tries")
    assert list(ends) == [("tries", 5), ("redeemed", 0), ("expired", 1), ("redeemed", 0)]


def test_a_code_nobody_asked_for_is_wrong() -> None:
    assert ANN.types("000000") == WRONG


def test_a_strangers_request_takes_nothing_away() -> None:
    code = ANN.asks_and_reads()
    refused_until(ANN.but(browser="browser-2"))
    assert ANN.types(code) == "accepted"


def test_nothing_that_is_stored_tells_code_phone_or_browser() -> None:
    code = ANN.asks_and_reads()
    stored = (
        str(list(OneTimeCode.objects.values())) + str(list(Sms.objects.values())) + str(list(Hits.objects.values()))
    )
    digits = stored.replace(" ", "")
    assert ANN.phone not in digits
    assert ANN.browser not in stored
    assert f"'{code}'" not in stored
    assert Sms.objects.get().params is None


def refused_until(person: Person) -> datetime:
    with pytest.raises(TooManyRequests) as refusal:
        person.asks()
    return refusal.value.retry_at


def test_a_phone_has_one_allowance_for_all_purposes(clock: MovedClock) -> None:
    start = clock.now
    for purpose in list(CodePurpose)[:5]:
        ANN.but(purpose=purpose, browser=f"for {purpose}", network=f"for {purpose}").asks()
        retry_at = refused_until(ANN.but(purpose=CodePurpose.SEARCH, browser="other", network="other"))
        assert retry_at == max(clock.now + timedelta(minutes=1), start + timedelta(hours=purpose == CodePurpose.APPEAL))
        clock.forward(minutes=1)
    clock.forward(minutes=55)
    for _ in range(5):
        issued = ANN.asks()
        clock.forward(minutes=12, seconds=1)
    assert issued.resend_at == refused_until(ANN) == start + timedelta(days=1)


def test_a_network_has_an_allowance_for_all_phones(clock: MovedClock) -> None:
    for number in range(25):
        ANN.but(phone=f"139000000{number:02d}").asks()
    assert refused_until(ANN) == clock.now + timedelta(minutes=5)
    ANN.but(network="198.51.100.1").asks()


def test_withheld_and_sent_differ_in_nothing_a_caller_sees(clock: MovedClock) -> None:
    known, unknown = ANN, ANN.but(phone="13700000000")
    assert known.asks() == unknown.asks(deliver=False)
    assert len(known.reads()) == 1
    assert unknown.reads() == []
    assert Sms.objects.filter(state="withheld").count() == 1
    guesses = ["000000", "111111", "222222", "333333", "444444"]
    code = known.reads()[0].code
    assert [unknown.types(guess) for guess in guesses] == [WRONG] * 4 + [SPENT]
    assert [known.types(other_than(code)) for _ in guesses] == [WRONG] * 4 + [SPENT]
    for person in (known, unknown):
        with pytest.raises(TooManyRequests) as refusal:
            person.asks(deliver=person is known)
        assert refusal.value.retry_at == clock.now + timedelta(minutes=1)


def test_withheld_and_sent_ask_the_database_the_same() -> None:
    ANN.but(phone="13600000000").asks()
    with CaptureQueriesContext(connection) as sent:
        ANN.asks()
    with CaptureQueriesContext(connection) as withheld:
        ANN.but(phone="13700000000").asks(deliver=False)
    assert len(sent) == len(withheld)


def test_a_checked_code_stays_live_until_the_act_spends_it() -> None:
    code = ANN.asks_and_reads()
    ANN.checks(code)
    checked = ANN.checks(code)
    with transaction.atomic():
        spend_code(actor=Actor.anonymous(), checked=checked)
        transaction.set_rollback(True)
    spend_code(actor=Actor.anonymous(), checked=checked)
    with pytest.raises(CodeRejected) as refusal:
        spend_code(actor=Actor.anonymous(), checked=checked)
    assert refusal.value.code == SPENT


def test_a_checked_code_is_worth_nothing_after_its_time(clock: MovedClock) -> None:
    checked = ANN.checks(ANN.asks_and_reads())
    clock.forward(minutes=5)
    with pytest.raises(CodeRejected):
        spend_code(actor=Actor.anonymous(), checked=checked)


def test_right_checks_do_not_count_as_tries_and_are_bounded(settings: Settings) -> None:
    settings.ONE_TIME_CODE_CHECKS = 7
    code = ANN.asks_and_reads()
    for _ in range(7):
        ANN.checks(code)
    with pytest.raises(CodeRejected) as refusal:
        ANN.checks(code)
    assert refusal.value.code == SPENT
    assert OneTimeCode.objects.get().wrong_tries == 0


def test_the_database_keeps_one_live_code_per_purpose_and_target() -> None:
    ANN.asks()
    row = OneTimeCode.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        OneTimeCode.objects.create(
            purpose=row.purpose, phone=row.phone, browser=row.browser, digest="x",
            created_at=row.created_at, expires_at=row.expires_at,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        OneTimeCode.objects.update(end_reason="redeemed")


def test_the_trail_tells_what_happened_without_personal_data() -> None:
    code = ANN.asks_and_reads()
    ANN.types(other_than(code))
    ANN.types(code)
    told = [(event.name, event.facts) for event in Event.objects.order_by("at", "id")]
    assert told == [
        ("challenge:code:issued", {"purpose": "register", "time": 1, "delivered": True}),
        ("challenge:code:refused", {"purpose": "register", "reason": "wrong"}),
        ("challenge:code:redeemed", {"purpose": "register"}),
    ]


@pytest.mark.django_db(transaction=True)
def test_codes_are_judged_outside_of_the_callers_transaction() -> None:
    code = ANN.asks_and_reads()
    with transaction.atomic(), pytest.raises(RuntimeError):
        ANN.types(code)
    with transaction.atomic(), pytest.raises(RuntimeError):
        ANN.but(phone="13700000000").asks()
    assert ANN.types(code) == "accepted"
