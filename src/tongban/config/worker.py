"""The worker: runs each registered job when it is due, one after the other, until told to stop."""

import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

import structlog
from django.db import close_old_connections

from tongban.kernel import jobs

log = structlog.get_logger("tongban.worker")
_SHORTEST_WAIT = 0.05


class Worker:
    """Keeps, per job, when it is due next. `time_source` is monotonic seconds."""

    def __init__(self, *, time_source: Callable[[], float] = time.monotonic) -> None:
        self._now = time_source
        self._due: dict[str, float] = {}
        self._stop = threading.Event()

    def run_due(self) -> float:
        """Run every job that is due and return how many seconds may pass until the next one is.

        A job that fails is logged and tried again at its next turn: one room's trouble stops no other room.
        A job that handled rows is due again at once, so that a backlog drains without pauses.
        """
        for job in jobs.registered():
            if self._due.get(job.name, 0) <= self._now() and not self._stop.is_set():
                handled = self._run(job)
                pause = timedelta(0) if handled else job.every
                self._due[job.name] = self._now() + pause.total_seconds()
        return max(min(self._due.values(), default=1.0) - self._now(), _SHORTEST_WAIT)

    def _run(self, job: jobs.Job) -> int:
        close_old_connections()
        try:
            return job.run()
        except Exception:  # whatever one room's job runs into, the other rooms' jobs go on
            log.exception("job failed", job=job.name)
            return 0

    def run_until_stopped(self) -> None:
        """Run jobs until SIGTERM or SIGINT, finishing the batch in hand."""
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)
        while not self._stop.is_set():
            self._stop.wait(self.run_due())

    def _ask_to_stop(self, signum: int, frame: FrameType | None) -> None:
        self._stop.set()
