"""Limits count strictly in any stretch of their period."""

import random
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from tests.moved_clock import MovedClock
from tongban.challenge import limits
from tongban.challenge.errors import TooManyRequests
from tongban.challenge.limits import Limit
from tongban.challenge.models import Hits

pytestmark = pytest.mark.django_db
TWO = Limit("two", times=2, period=timedelta(minutes=1))
FIVE = Limit("five", times=5, period=timedelta(hours=1))


def hit(limit: Limit, key: str = "k") -> datetime | None:
    """Return None when the hit is allowed, else when to come again."""
    try:
        limits.consume(limit, key)
    except TooManyRequests as refusal:
        return refusal.retry_at
    return None


def test_a_refusal_says_when_to_come_again_and_counts_nothing(clock: MovedClock) -> None:
    start = clock.now
    assert hit(TWO) is None
    clock.forward(seconds=20)
    assert hit(TWO) is None
    for _ in range(3):
        clock.forward(seconds=10)
        assert hit(TWO) == start + timedelta(seconds=60)
    clock.forward(seconds=9.999)
    assert hit(TWO) == start + timedelta(seconds=60)
    clock.forward(seconds=0.001)
    assert hit(TWO) is None
    assert hit(TWO) == start + timedelta(seconds=80)


def test_keys_and_limits_do_not_share_hits() -> None:
    same_name_other_key, other_name = "other", Limit("three", 1, TWO.period)
    assert [hit(TWO), hit(TWO)] == [None, None]
    assert hit(TWO) is not None
    assert hit(TWO, same_name_other_key) is None
    assert hit(other_name) is None


@pytest.mark.parametrize("seed", range(4))
def test_no_stretch_of_the_period_ever_holds_more(clock: MovedClock, seed: int) -> None:
    chance, limit, allowed = random.Random(seed), Limit("any", 3, timedelta(minutes=1)), list[datetime]()
    for _ in range(80):
        clock.forward(milliseconds=chance.randrange(1, 30_000))
        room = sum(moment > clock.now - limit.period for moment in allowed) < limit.times
        assert limits.exceeded(limit, "k") is not room
        assert (hit(limit) is None) is room
        if room:
            allowed.append(clock.now)


def test_all_or_none_and_the_latest_retry(clock: MovedClock) -> None:
    one_a_day = Limit("day", 1, timedelta(days=1))
    limits.consume(TWO, "k")
    limits.consume(TWO, "k")
    limits.consume(one_a_day, "k")
    with pytest.raises(TooManyRequests) as refusal:
        limits.consume_all([(FIVE, "k"), (TWO, "k"), (one_a_day, "k")])
    assert refusal.value.retry_at == clock.now + timedelta(days=1)
    assert refusal.value.params["limit"] == "day"
    assert [hit(FIVE) for _ in range(5)] == [None] * 5
    limits.consume_all([])


def test_hits_of_a_rolled_back_transaction_do_not_count() -> None:
    with transaction.atomic():
        assert [hit(TWO), hit(TWO)] == [None, None]
        transaction.set_rollback(True)
    assert not limits.exceeded(TWO, "k")


def test_a_refusal_leaves_the_callers_transaction_usable() -> None:
    with transaction.atomic():
        limits.consume(TWO, "other")
        assert [hit(TWO), hit(TWO)] == [None, None]
        assert hit(TWO) is not None
    assert limits.exceeded(TWO, "k")
    assert hit(TWO, "other") is None
    assert hit(TWO, "other") is not None


def test_a_limit_may_be_lowered_and_raised(clock: MovedClock) -> None:
    limit = Limit("moving", 4, timedelta(minutes=1))
    assert [hit(limit) for _ in range(4)] == [None] * 4
    lower, higher = Limit("moving", 1, limit.period), Limit("moving", 6, limit.period)
    assert hit(lower) == clock.now + limit.period
    assert [hit(higher), hit(higher)] == [None, None]
    assert hit(higher) is not None


def test_free_at_tells_when_there_is_room_for_all_and_clear_makes_it(clock: MovedClock) -> None:
    assert limits.free_at([]) == limits.free_at([(TWO, "k"), (FIVE, "k")]) == clock.now
    limits.consume(TWO, "k")
    limits.consume(TWO, "k")
    assert limits.free_at([(TWO, "k"), (FIVE, "k")]) == clock.now + TWO.period
    limits.clear(TWO, "k")
    assert not limits.exceeded(TWO, "k")


def test_what_is_counted_cannot_be_read_from_the_table() -> None:
    limits.consume(TWO, "13812345678")
    row = Hits.objects.get()
    assert "13812345678" not in f"{row.key}{row.instants}"
