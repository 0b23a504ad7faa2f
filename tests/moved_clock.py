"""Time that stands still until a test moves it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from tongban.kernel import clock


class MovedClock:
    """Starts at the present moment, in whole milliseconds."""

    def __init__(self) -> None:
        real = datetime.now(UTC)
        self.now = real.replace(microsecond=real.microsecond // 1000 * 1000)

    def forward(self, **how_far: float) -> datetime:
        """Move on by `timedelta(**how_far)` and return the new moment."""
        self.now += timedelta(**how_far)
        return self.now


@contextmanager
def moved_clock() -> Iterator[MovedClock]:
    """Let a `MovedClock` tell the time meanwhile."""
    moved = MovedClock()
    clock.set_source(lambda: moved.now)
    try:
        yield moved
    finally:
        clock.set_source(None)
