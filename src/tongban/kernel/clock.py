"""The only place time comes from, so that a test or a demonstration can move it."""

from collections.abc import Callable
from datetime import UTC, datetime


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_time


def now() -> datetime:
    """Return the present moment as an aware UTC datetime."""
    return _source()


def real() -> datetime:
    """Return the system's time, whatever `set_source` was told: what clocks outside the platform show."""
    return _system_time()


def set_source(source: Callable[[], datetime] | None) -> None:
    """Let `source` tell the time (aware, UTC) from now on; `None` returns to the system's clock."""
    global _source  # noqa: PLW0603 - one process has one clock
    _source = source or _system_time
