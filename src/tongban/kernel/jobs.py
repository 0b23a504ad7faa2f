"""Work that no request should wait for.

There is no task queue: rows that wait (a message to deliver, an event to seal, a check to repeat) are
their own queue. A room registers a job that handles the waiting rows; `tongban worker` runs each job
when it is due. A job must be safe to run twice, in two workers, and to be killed at any point.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Job:
    """`run` handles one bounded batch and returns how many rows it handled; a full batch is run again at once."""

    name: str
    every: timedelta
    run: Callable[[], int]


_jobs: dict[str, Job] = {}


def register(job: Job) -> None:
    """Add `job` to what the worker runs; raises `ValueError` when another job has its name."""
    if _jobs.setdefault(job.name, job) is not job and _jobs[job.name] != job:
        raise ValueError(job.name)


def registered() -> list[Job]:
    """Return every job, ordered by name."""
    return [_jobs[name] for name in sorted(_jobs)]
