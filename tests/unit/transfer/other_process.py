"""An import that is at work elsewhere: here, in a thread with a database connection and an open file of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from tongban.transfer.locking import only_one


@contextmanager
def holding_the_lock() -> Iterator[None]:
    """Hold the lock as another process would."""
    held, release = threading.Event(), threading.Event()

    def work() -> None:
        try:
            with only_one():
                held.set()
                release.wait(30)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    assert held.wait(30)
    try:
        yield
    finally:
        release.set()
        thread.join()
