"""A clock that runs ahead of (or behind) the system's by an offset that all processes of the demo share in a file."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


class MovableClock:
    """Tells the time: system time plus the offset in `path`, read again a moment after the file changes."""

    LOOK_AGAIN = 0.01
    """Seconds between two looks at the file: a request asks for the time more often than that."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = -1
        self._look_at = 0.0
        self._offset = timedelta(0)

    def __call__(self) -> datetime:
        """Return the moved present as an aware UTC datetime."""
        return datetime.now(UTC) + self.offset

    @property
    def offset(self) -> timedelta:
        """How far the clock is ahead of the system's."""
        if time.monotonic() < self._look_at:
            return self._offset
        self._look_at = time.monotonic() + self.LOOK_AGAIN
        try:
            changed = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            self._offset = timedelta(0)
            return self._offset
        if changed != self._seen:
            self._offset = timedelta(seconds=json.loads(self._path.read_text())["offset"])
            self._seen = changed
        return self._offset

    def move(self, offset: timedelta) -> None:
        """Set the offset for every process: the new file takes the old one's place in one step."""
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps({"offset": offset.total_seconds()}))
        fresh.replace(self._path)
        self._look_at = 0.0
