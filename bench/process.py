"""Processor time of whole process trees, from the kernel's own accounting."""

import os
import time
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def tree(pid: int) -> list[int]:
    """Return `pid` and all its living descendants."""
    members = [pid]
    for member in members:
        members += _children(member)
    return members


def running_ms(*roots: int) -> float:
    """Return the milliseconds that the trees under `roots` have run so far, by the clocks of their processes.

    Processes that end take their time with them: compare moments between which none does.
    """
    # The number of a process's clock, as clock_getcpuclockid(3) makes it.
    return sum(1000 * time.clock_gettime(~pid << 3 | 2) for root in roots for pid in tree(root))


def cpu_seconds(*roots: int) -> float:
    """Return user + system seconds spent so far by the trees under `roots`, ended and reaped children included."""
    ticks = 0
    for root in roots:
        for pid in tree(root):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(value) for value in fields[11:15])
    return ticks / _TICK
