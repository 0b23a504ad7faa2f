"""Call one function from many threads at the same moment, each with a database connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def in_parallel(times: int, act: Callable[[int], T]) -> list[T | Exception]:
    """Start `act(0)` … `act(times - 1)` together and return each result, or the exception it raised, in that order."""
    start = threading.Barrier(times)

    def run(number: int) -> T | Exception:
        start.wait(timeout=30)
        try:
            return act(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=times) as pool:
        return list(pool.map(run, range(times)))
