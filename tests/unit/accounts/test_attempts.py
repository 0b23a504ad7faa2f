"""How failed log-ins slow the next ones down."""

from datetime import UTC, datetime, timedelta

import pytest

from tongban.accounts.rules.attempts import Counted, Pace, Standing

PACE = Pace(
    name_failures=5,
    network_failures=10,
    window=timedelta(minutes=5),
    first_delay=timedelta(seconds=30),
    longest_delay=timedelta(hours=1),
    in_a_row=100,
    in_a_row_window=timedelta(days=365),
)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (5, 0), (6, 30), (7, 60), (8, 120), (12, 1920), (13, 3600), (10**9, 3600)]
)
def test_the_delay_doubles_up_to_an_hour(failures: int, seconds: int) -> None:
    assert PACE.delay(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("standing", "needed"),
    [
        (Standing(), False),
        (Standing(name=4, network=9, pair=4), False),
        (Standing(name=5), True),
        (Standing(network=10), True),
        (Standing(pair=5), True),
    ],
)
def test_when_a_picture_is_needed(standing: Standing, needed: bool) -> None:
    assert standing.needs_human_check(PACE) is needed


def test_only_the_pair_waits_and_only_for_its_delay() -> None:
    assert not Standing(name=50, network=50).must_wait(PACE, NOON)
    waiting = Standing(pair=6, pair_failed_at=NOON)
    assert waiting.must_wait(PACE, NOON + timedelta(seconds=29))
    assert not waiting.must_wait(PACE, NOON + timedelta(seconds=30))
    settled = Standing(pair=0, pair_failed_at=NOON + timedelta(hours=2))
    assert not settled.must_wait(PACE, NOON), "a clock that was set back makes nobody wait"


def test_a_pair_is_remembered_longer_than_any_delay() -> None:
    assert PACE.remembered_for(Counted.NAME) == PACE.remembered_for(Counted.NETWORK) == timedelta(minutes=5)
    assert PACE.remembered_for(Counted.PAIR) > PACE.longest_delay


def test_an_authenticator_is_disabled_at_the_limit_and_not_before() -> None:
    assert Standing(in_a_row=99, device=100).may_open(PACE, knows_device=False)
    assert not Standing(in_a_row=100).may_open(PACE, knows_device=False)
    assert Standing(in_a_row=10**6, device=99).may_open(PACE, knows_device=True)
    assert not Standing(device=100).may_open(PACE, knows_device=True)
    assert [Standing(in_a_row=number).is_last(PACE) for number in (98, 99, 100)] == [False, True, False]
    assert PACE.remembered_for(Counted.IN_A_ROW) == PACE.remembered_for(Counted.DEVICE) == timedelta(days=365)
