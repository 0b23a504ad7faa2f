"""Thirty callers at the same moment."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from altcha import Challenge, Payload, solve_challenge
from pytest_django import Settings

from tests.parallel import in_parallel
from tests.unit.challenge.person import Person, other_than
from tongban.audit.actors import Actor
from tongban.challenge import limits, queries
from tongban.challenge.errors import HumanCheckFailed, TooManyRequests
from tongban.challenge.flows.human_check import new_picture, new_puzzle, new_sound, redeem_human_check
from tongban.challenge.flows.spend_code import spend_code
from tongban.challenge.models import HumanCheck, OneTimeCode
from tongban.challenge.rules import limits as read_limits
from tongban.notify.models import Sms

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ANN = Person()
MANY = 30


def outcomes(results: list[object]) -> Counter[object]:
    return Counter(type(result) if isinstance(result, Exception) else result for result in results)


def test_a_code_is_redeemed_once() -> None:
    code = ANN.asks_and_reads()
    assert outcomes(in_parallel(MANY, lambda _: ANN.types(code)))["accepted"] == 1


def test_a_checked_code_is_spent_once() -> None:
    checked = ANN.checks(ANN.asks_and_reads())
    results = in_parallel(MANY, lambda _: spend_code(actor=Actor.anonymous(), checked=checked))
    assert results.count(None) == 1


def test_wrong_tries_are_counted_one_by_one() -> None:
    code = ANN.asks_and_reads()
    told = outcomes(in_parallel(MANY, lambda _: ANN.types(other_than(code))))
    assert told == {"challenge.code_wrong": 4, "challenge.code_spent": 26}
    row = OneTimeCode.objects.get()
    assert (row.wrong_tries, row.end_reason) == (5, "tries")


def test_one_sms_leaves_for_many_requests() -> None:
    told = outcomes(in_parallel(MANY, lambda number: ANN.but(browser=f"b{number}").asks().resend_at is not None))
    assert told == {True: 1, TooManyRequests: MANY - 1}
    assert (OneTimeCode.objects.count(), Sms.objects.count()) == (1, 1)


def test_one_live_code_where_no_limit_helps(settings: Settings) -> None:
    settings.SMS_RATES_PHONE = settings.SMS_RATES_NETWORK = "1000/min"
    results = in_parallel(MANY, lambda _: ANN.asks())
    assert not [result for result in results if isinstance(result, Exception)]
    row = OneTimeCode.objects.get()
    assert (row.times_sent, Sms.objects.count()) == (MANY, MANY)


def test_a_limit_lets_exactly_as_many_through() -> None:
    (limit,) = read_limits("race", "10/h")
    told = outcomes(in_parallel(MANY, lambda _: limits.consume(limit, "key")))
    assert told == {None: 10, TooManyRequests: 20}


def test_many_limits_never_wait_for_each_other() -> None:
    first, second = (*read_limits("first", "1000/h"), *read_limits("second", "1000/h"))
    pairs = [(first, "a"), (second, "b")]
    results = in_parallel(MANY, lambda number: limits.consume_all(pairs if number % 2 else pairs[::-1]))
    assert results == [None] * MANY


def test_a_picture_is_answered_once() -> None:
    new_picture(browser="b")
    answer = queries.last_answer("b") or ""
    told = outcomes(in_parallel(MANY, lambda _: redeem_human_check(browser="b", answer=answer)))
    assert told == {None: 1, HumanCheckFailed: MANY - 1}


def test_seeing_and_hearing_at_once_is_answered_once() -> None:
    new_picture(browser="b")
    answers = [queries.last_answer("b") or "", queries.last_spoken_answer("b") or ""]
    told = outcomes(in_parallel(MANY, lambda number: redeem_human_check(browser="b", answer=answers[number % 2])))
    assert told == {None: 1, HumanCheckFailed: MANY - 1}


def test_a_puzzle_is_redeemed_once(settings: Settings) -> None:
    settings.HUMAN_CHECK = "tongban.challenge.adapters.altcha.AltchaCheck"
    settings.ALTCHA_COST, settings.ALTCHA_STEPS = 1000, 4
    challenge = Challenge.from_dict(json.loads(new_puzzle(browser="b").body))
    solution = solve_challenge(challenge)
    assert solution
    answer = Payload(challenge, solution).to_base64()
    told = outcomes(in_parallel(MANY, lambda _: redeem_human_check(browser="b", answer=answer)))
    assert told == {None: 1, HumanCheckFailed: MANY - 1}


def test_picture_and_sound_asked_for_at_once_are_one_check() -> None:
    shows = (new_picture, new_sound)
    results = in_parallel(MANY, lambda number: shows[number % 2](browser="b", nonce="n").media_type)
    assert set(results) == {"image/png", "audio/wav"}
    assert HumanCheck.objects.count() == 1


def test_one_picture_for_one_nonce() -> None:
    results = in_parallel(MANY, lambda _: new_picture(browser="b", nonce="n").media_type)
    assert results == ["image/png"] * MANY
    assert HumanCheck.objects.count() == 1


def test_whoever_knocks_while_others_are_forgiven_is_not_told_to_wait() -> None:
    """The limit is far away all the time; only the row of the count comes and goes."""
    limit = limits.Limit("far", times=1000, period=timedelta(minutes=1))

    def knock(number: int) -> None:
        for _again in range(20):
            limits.consume(limit, "key")
            if number % 2:
                limits.clear(limit, "key")

    assert outcomes(in_parallel(MANY, knock)) == {None: MANY}
