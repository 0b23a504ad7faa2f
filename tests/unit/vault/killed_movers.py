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


def main(database: str, times: int) -> int:
    """Start `times` movers and kill each after less than a second; return how many died."""
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from tongban.audit.actors import Actor
    from tongban.vault.flows.reencrypt import walk

    killed = 0
    for _ in range(times):
        mover = os.fork()  # no connection is open yet: each mover has its own
        if mover == 0:
            list(walk(actor=Actor.system(), batch=2))
            os._exit(0)
        time.sleep(random.uniform(0.02, 0.7))
        os.kill(mover, signal.SIGKILL)
        _pid, status = os.waitpid(mover, 0)
        killed += os.WIFSIGNALED(status)
    return killed


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2])))
