"""Clock, identifiers, events and jobs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tongban.kernel import clock, events, ids, jobs


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    before_jobs, before_handlers, before_clock = dict(jobs._jobs), dict(events._handlers), clock._source
    yield
    clock.set_source(before_clock)
    jobs._jobs.clear()
    jobs._jobs.update(before_jobs)
    events._handlers.clear()
    events._handlers.update(before_handlers)


def test_the_clock_is_aware_and_can_be_moved() -> None:
    assert clock.now().utcoffset() == timedelta(0)
    clock.set_source(lambda: datetime(2030, 1, 1, tzinfo=UTC))
    assert clock.now().year == 2030
    clock.set_source(None)
    assert clock.now().year < 2030


def test_ids_are_version_7_and_ordered_by_time() -> None:
    made = [ids.new_id() for _ in range(1000)]
    assert {i.version for i in made} == {7}
    assert len(set(made)) == 1000
    assert [i.int >> 80 for i in made] == sorted(i.int >> 80 for i in made)
    many = [UUID(text) for text in ids.new_id_texts(1000)]
    assert {i.version for i in many} == {7}
    assert {i.variant for i in many} == {made[0].variant}
    assert many == sorted(set(many))
    assert abs((many[0].int >> 80) - (ids.new_id().int >> 80)) < 60_000


@dataclass(frozen=True)
class Happened:
    what: str


def test_an_event_reaches_each_subscriber_once_in_order() -> None:
    heard: list[str] = []

    def first(event: Happened) -> None:
        heard.append(f"first {event.what}")

    events.subscribe(Happened, first)
    events.subscribe(Happened, first)
    events.subscribe(Happened, lambda event: heard.append(f"second {event.what}"))
    events.publish(Happened("x"))
    assert heard == ["first x", "second x"]


def test_two_jobs_cannot_share_a_name() -> None:
    job = jobs.Job(name="zz", every=timedelta(seconds=1), run=lambda: 0)
    jobs.register(job)
    jobs.register(job)
    with pytest.raises(ValueError, match="zz"):
        jobs.register(jobs.Job(name="zz", every=timedelta(seconds=2), run=lambda: 1))
    assert job in jobs.registered()
