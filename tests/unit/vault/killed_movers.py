"""Run by `test_moving` in a process of its own: movers that are killed at random moments, one after the other.

`python -m tests.unit.vault.killed_movers DATABASE TIMES` prints how many of them died before they were done.
"""

import os
import random
import signal
import sys
import time

import django
from django.conf import settings

MOST_BATCHES, LONGEST = 4, 0.02


def main(database: str, times: int) -> int:
    """Start `times` movers, kill each some batches and some milliseconds after its start; return how many died."""
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    killed = 0
    for _ in range(times):
        ours, theirs = os.pipe()
        mover = os.fork()  # no connection is open yet: each mover has its own
        if mover == 0:
            move(theirs)
        os.close(theirs)
        for _batch in range(random.randint(1, MOST_BATCHES)):
            os.read(ours, 1)
        time.sleep(random.uniform(0, LONGEST))
        os.kill(mover, signal.SIGKILL)
        _pid, status = os.waitpid(mover, 0)
        os.close(ours)
        killed += os.WIFSIGNALED(status)
    return killed


def move(told: int) -> None:
    """Move everything, and tell of each batch."""
    from tongban.audit.actors import Actor
    from tongban.vault.flows.reencrypt import walk

    for _ in walk(actor=Actor.system(), batch=2):
        os.write(told, b".")
    os._exit(0)


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2])))
