"""Blocks of a file are prepared beside the process that writes to the database, and handed over in order."""

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.process import BaseProcess

from tongban.transfer.file_format import Block
from tongban.transfer.preparing import Prepared, Preparer

_AHEAD = 1
"""How many blocks more than there are processes wait or are ready: memory does not grow with the file."""


def prepared_blocks(preparer: Preparer, blocks: Iterable[Block], processes: int) -> Iterator[Prepared]:
    """Yield the blocks made ready, in order; with 0 `processes` they are prepared here."""
    if not processes:
        yield from map(preparer.prepare, blocks)
        return
    # Fresh interpreters: a fork would share this process's database connection and its threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin) as pool:
        waiting: deque[Future[Prepared]] = deque()
        try:
            for block in blocks:
                waiting.append(pool.submit(preparer.prepare, block))
                if len(waiting) > processes + _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _begin() -> None:
    """Make a process ready for blocks."""
    _go_with_parent()
    # Every block makes thousands of objects and none that refers to itself: there is nothing to look for.
    gc.disable()


def _go_with_parent() -> None:
    """End this process when the one that started it is gone, killed for example: nobody else would tell it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
