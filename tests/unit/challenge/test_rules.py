"""How rates are written, and when the next hit is allowed."""

from datetime import UTC, datetime, timedelta

import pytest

from tongban.challenge.rules import Limit, earliest_retry, fresh_code, limits

START = datetime(2030, 1, 1, tzinfo=UTC)


def test_rates_are_read_shortest_period_first() -> None:
    assert limits("sms", "10/d 1/min 5/h 25/5min 3/30s") == (
        Limit("sms/30s", 3, timedelta(seconds=30)),
        Limit("sms/min", 1, timedelta(minutes=1)),
        Limit("sms/5min", 25, timedelta(minutes=5)),
        Limit("sms/h", 5, timedelta(hours=1)),
        Limit("sms/d", 10, timedelta(days=1)),
    )


@pytest.mark.parametrize("rates", ["5", "0/h", "5/0min", "-1/h", "5/week", "five/h", "5 / h", "5/h,10/d"])
def test_what_is_no_rate_is_named(rates: str) -> None:
    with pytest.raises(ValueError, match="is not a rate"):
        limits("sms", rates)


def test_codes_have_leading_zeros_and_differ() -> None:
    codes = [fresh_code(6) for _ in range(500)]
    assert all(len(code) == 6 and code.isdigit() and code.isascii() for code in codes)
    assert any(code.startswith("0") for code in codes)
    assert len(set(codes)) > 490


def test_the_oldest_counted_hit_decides_when_there_is_room() -> None:
    limit = Limit("x", 2, timedelta(minutes=1))
    hits = [START + timedelta(seconds=s) for s in (0, 10, 30)]
    now = START + timedelta(seconds=40)
    assert earliest_retry(hits[:1], limit, now=now) == now
    assert earliest_retry(hits[:2], limit, now=now) == START + timedelta(seconds=60)
    assert earliest_retry(hits, limit, now=now) == START + timedelta(seconds=70)
    assert earliest_retry(hits, limit, now=START + timedelta(hours=1)) == START + timedelta(hours=1)
