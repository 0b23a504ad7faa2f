"""A circuit breaker: a vendor that has stopped answering is left alone for a while, and nobody waits for it.

The state is one process's own. Each worker finds out for itself, after a few failures, that a vendor is away; nothing
has to be shared, and a wrong state cannot outlive the process.
"""

import threading
import time
from collections.abc import Callable

FAILURES = 5
"""Failures one after another that open the circuit."""
REST = 30.0
"""Seconds it stays open before one call may try whether the vendor is back."""


class Breaker:
    """Closed: calls pass. Open: none passes. After the rest one call passes as a probe, and its outcome decides."""

    def __init__(self, *, tell_time: Callable[[], float] = time.monotonic) -> None:
        self._time = tell_time
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether a call would be turned away now."""
        return self._open_until is not None and self._time() < self._open_until

    def lets_pass(self) -> bool:
        """Return whether a call may be made; the first one after a rest is the probe, the others go on resting."""
        with self._lock:
            if self._open_until is None:
                return True
            now = self._time()
            if now < self._open_until:
                return False
            self._open_until = now + REST
            return True

    def succeeded(self) -> None:
        """Note that the vendor answered, whatever it said."""
        with self._lock:
            self._failures = 0
            self._open_until = None

    def failed(self) -> None:
        """Note that no answer came."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._open_until = self._time() + REST
