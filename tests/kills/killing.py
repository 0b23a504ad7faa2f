"""A platform of its own, in a folder of its own, whose processes die by SIGKILL at a step of what they do.

Runs as `python -m tests.kills ACT HOME` in a process without any test database. Each attempt starts from the same
folder and runs in a fresh process (a fork that has touched no database): the n-th one dies at its n-th step. A step is
whatever can be left half done: a statement that writes, a commit, a file that appears, moves or goes. What then stands
must be what stood before or what should stand afterwards; and once the act is done again, as a person or the worker
does it, it must be exactly what an undisturbed process leaves.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

_FILE_EVENTS = {"os.rename", "os.remove"}
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Act:
    """`do` is done by a process that may die; `again` is what happens after a restart; `prepare` comes before both.

    `in_parts` names what the act does piece by piece, each of them whole: one picture, one message after the other.
    """

    do: Callable[[], None]
    again: Callable[[], None]
    prepare: tuple[Callable[[], None], ...]
    in_parts: tuple[str, ...] = ()


class Steps:
    """Counts steps, and dies at the one it was told."""

    def __init__(self, last: int) -> None:
        self.last, self.taken, self.armed = last, 0, False

    def step(self) -> None:
        """Take one."""
        if self.armed:
            self.taken += 1
            if self.taken == self.last:
                os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Be asked around every statement."""
        if sql.lstrip("( ").upper().startswith(("INSERT", "UPDATE", "DELETE")):
            self.step()
        return execute(sql, params, many, context)

    def event(self, name: str, arguments: tuple[Any, ...]) -> None:
        """Hear what the interpreter does to files."""
        ours = name in _FILE_EVENTS or (name == "open" and isinstance(arguments[1], str) and "b" in arguments[1])
        if ours and "evidence" in str(arguments[0]):
            self.step()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count everything meanwhile, the moments around a commit too."""
        commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]  # Django's own, around a real commit

        def _commit(wrapper: BaseDatabaseWrapper) -> None:
            self.step()
            commit(wrapper)
            self.step()

        sys.addaudithook(self.event)
        with connection.execute_wrapper(self.statement), patch.object(BaseDatabaseWrapper, "_commit", _commit):
            self.armed = True
            yield
            self.armed = False


def in_a_process(act: Callable[[], Any]) -> tuple[bool, Any]:
    """Do `act` in a process of its own; return whether it was killed, and what it returned."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        status = 1
        try:
            os.write(writing, json.dumps(act()).encode())
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _pid, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not killed and status:
        raise SystemExit("an act failed")
    return killed, json.loads(said) if said else None


def try_every_step(act: Act, home: Path, standing: Callable[[], Any]) -> Mapping[str, Any]:
    """Let processes die at every step of `act`; return how many did, and what was wrong afterwards."""
    for done_before in act.prepare:
        in_a_process(done_before)
    start = home.with_name("start")
    shutil.copytree(home, start)
    _killed, before = in_a_process(standing)
    in_a_process(act.do)
    _killed, after = in_a_process(standing)
    wrong: list[object] = [] if before != after else ["nothing was done"]
    for number in range(1, _MOST_STEPS):
        _restore(start, home)
        killed, _said = in_a_process(partial(_do_and_die, act, number))
        if not killed:
            return {"kills": number - 1, "wrong": wrong}
        _killed, (halfway, end) = in_a_process(partial(_do_again, act, standing))
        # Each part by itself: an act may consist of several, such as two pictures.
        torn = {name for name, part in halfway.items() if part not in (before[name], after[name])}
        if torn - set(act.in_parts):
            wrong.append((f"step {number}: neither absent nor complete", sorted(torn), halfway))
        if end != after:
            wrong.append((f"step {number}: done again", end, after))
    raise SystemExit("the act has no end")


def _do_and_die(act: Act, number: int) -> None:
    with Steps(number).counted():
        act.do()


def _do_again(act: Act, standing: Callable[[], Any]) -> list[Any]:
    halfway = standing()
    act.again()
    return [halfway, standing()]


def _restore(start: Path, home: Path) -> None:
    shutil.rmtree(home)
    shutil.copytree(start, home)


def later(**how_far: float) -> None:
    """Let the platform's clock be `how_far` ahead: leases of who died are over."""
    from tongban.kernel import clock

    ahead = timedelta(**how_far)
    clock.set_source(lambda: datetime.now(UTC) + ahead)


def picture(name: str, colour: int) -> SimpleUploadedFile:
    """Return a small picture to upload."""
    from tests.unit.vault import pictures

    return SimpleUploadedFile(f"{name}.jpg", pictures.jpeg(80 + colour, 60), "image/jpeg")


def client_of(login_name: str) -> Client:
    """Return a browser in which the account is signed in."""
    from tongban.accounts.backend import PATH
    from tongban.accounts.models import Account

    client = Client(headers={"accept": "text/html"})
    client.force_login(Account.objects.get(login_name=login_name), backend=PATH)
    return client


def migrate() -> None:
    """Make the tables."""
    call_command("migrate", verbosity=0)
