"""The worker runs what is due, survives a failing job, and stops when told to."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import TypeVar

import pytest
import structlog

from tongban.challenge import errors as challenge
from tongban.config.worker import Worker
from tongban.kernel import jobs
from tongban.kernel.key_ring import KeyRingError
from tongban.notify import errors as notify

T = TypeVar("T")


def note(runs: list[T], what: T) -> int:
    runs.append(what)
    return 0


@pytest.fixture(autouse=True)
def _own_jobs(db: None) -> Iterator[None]:
    before = dict(jobs._jobs)
    jobs._jobs.clear()
    yield
    jobs._jobs.clear()
    jobs._jobs.update(before)


@pytest.fixture
def time() -> list[float]:
    return [100.0]


def test_a_job_runs_at_once_and_then_at_its_interval(time: list[float]) -> None:
    runs: list[float] = []
    jobs.register(jobs.Job(name="a", every=timedelta(seconds=10), run=lambda: note(runs, time[0])))
    worker = Worker(time_source=lambda: time[0])
    assert worker.run_due() == pytest.approx(10)
    time[0] += 5
    assert worker.run_due() == pytest.approx(5)
    time[0] += 5
    worker.run_due()
    assert runs == [100, 110]


def test_a_full_batch_is_due_again_at_once(time: list[float]) -> None:
    batches = [3, 2, 0]
    jobs.register(jobs.Job(name="a", every=timedelta(seconds=10), run=lambda: batches.pop(0)))
    worker = Worker(time_source=lambda: time[0])
    for _ in range(3):
        worker.run_due()
    assert batches == []


@pytest.mark.parametrize(
    "trouble",
    [ValueError("trouble"), KeyRingError("missing"), notify.OutsideDemo(), challenge.OutsideDemo(), Exception("any")],
    ids=lambda trouble: type(trouble).__module__,
)
def test_a_failing_job_is_logged_and_stops_no_other(time: list[float], trouble: Exception) -> None:
    runs: list[str] = []

    def broken() -> int:
        raise trouble

    jobs.register(jobs.Job(name="a", every=timedelta(seconds=1), run=broken))
    jobs.register(jobs.Job(name="b", every=timedelta(seconds=1), run=lambda: note(runs, "b")))
    with structlog.testing.capture_logs() as logs:
        worker = Worker(time_source=lambda: time[0])
        worker.run_due()
        time[0] += 1
        worker.run_due()
    assert runs == ["b", "b"]
    assert [(log["event"], log["job"]) for log in logs] == [("job failed", "a")] * 2, "and tried again"


def test_sigterm_ends_the_loop_after_the_batch_in_hand() -> None:
    runs: list[int] = []

    def job() -> int:
        runs.append(1)
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    jobs.register(jobs.Job(name="a", every=timedelta(seconds=0), run=job))
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        Worker().run_until_stopped()
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    assert runs == [1]
