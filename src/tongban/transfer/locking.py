"""One import at a time, in the whole installation: a lock that is gone when the process that holds it is."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from tongban.transfer.errors import ImportRunning

_NUMBER = 0x746F6E67  # of PostgreSQL's advisory lock: any number that nothing else here uses


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the lock; raises `ImportRunning` when another process holds it."""
    with _on_postgresql() if connection.vendor == "postgresql" else _on_a_file():
        yield


@contextmanager
def _on_postgresql() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_NUMBER])
        if not cursor.fetchone()[0]:
            raise ImportRunning
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_NUMBER])


@contextmanager
def _on_a_file() -> Iterator[None]:
    with (settings.HOME / "transfer.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportRunning from None
        yield
