"""The own SQLite file of a business system: browser sessions and who entered when."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS session (
    digest TEXT PRIMARY KEY, data TEXT NOT NULL, created REAL NOT NULL, seen REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY, desk TEXT NOT NULL, sub TEXT NOT NULL, shown_name TEXT NOT NULL, at REAL NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS entry_of_person ON entry (desk, sub, at);
"""
IDLE_SECONDS = 30 * 60
ABSOLUTE_SECONDS = 8 * 3600


@dataclass(frozen=True, slots=True)
class Entry:
    """One time somebody came in. `at` is in seconds since 1970."""

    shown_name: str
    at: float


class Storage:
    """Opens one short connection per act: a neighbour is small, and threads never share one."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with self.connection() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(_SCHEMA)

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose statements are one transaction; for tables of a system's own, too."""
        connection = sqlite3.connect(self._path, timeout=10)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def answers(self) -> bool:
        """Tell whether the file can be read."""
        try:
            with self.connection() as connection:
                connection.execute("SELECT 1 FROM session LIMIT 1")
        except sqlite3.Error:
            return False
        return True

    def load_session(self, token: str, *, now: float) -> tuple[dict[str, Any], float] | None:
        """Return what is kept for the cookie `token` and when it was last seen, unless idle or open for too long."""
        with self.connection() as connection:
            row = connection.execute(
                "SELECT data, seen FROM session WHERE digest = ? AND seen > ? AND created > ?",
                (_digest(token), now - IDLE_SECONDS, now - ABSOLUTE_SECONDS),
            ).fetchone()
        return (json.loads(row[0]), row[1]) if row else None

    def save_session(self, token: str, data: dict[str, Any], *, now: float) -> None:
        """Keep `data` for the cookie `token`; sessions that have ended are swept away."""
        with self.connection() as connection:
            connection.execute(
                "INSERT INTO session VALUES (?, ?, ?, ?)"
                " ON CONFLICT (digest) DO UPDATE SET data = excluded.data, seen = excluded.seen",
                (_digest(token), json.dumps(data), now, now),
            )
            connection.execute(
                "DELETE FROM session WHERE seen <= ? OR created <= ?", (now - IDLE_SECONDS, now - ABSOLUTE_SECONDS)
            )

    def end_session(self, token: str) -> None:
        """Forget the cookie `token`."""
        with self.connection() as connection:
            connection.execute("DELETE FROM session WHERE digest = ?", (_digest(token),))

    def record_entry(self, *, desk: str, sub: str, shown_name: str, now: float) -> None:
        """Write down that `sub` came in at `desk`."""
        with self.connection() as connection:
            connection.execute(
                "INSERT INTO entry (desk, sub, shown_name, at) VALUES (?, ?, ?, ?)", (desk, sub, shown_name, now)
            )

    def latest_entries(self, *, desk: str, sub: str, limit: int = 5) -> list[Entry]:
        """Return the latest times `sub` came in at `desk`, newest first."""
        with self.connection() as connection:
            rows = connection.execute(
                "SELECT shown_name, at FROM entry WHERE desk = ? AND sub = ? ORDER BY at DESC, id DESC LIMIT ?",
                (desk, sub, limit),
            ).fetchall()
        return [Entry(shown_name=name, at=at) for name, at in rows]


def _digest(token: str) -> str:
    """Return what is stored of a cookie: who reads the file must not be able to become anybody."""
    return hashlib.sha256(token.encode()).hexdigest()
