"""`python -m bench.transfer`: how fast legacy accounts come over, against a bare COPY, and in how much memory.

Half of the rows are units and half persons; a few hundred accounts stand on the platform before, so that every outcome
occurs. In one run against one PostgreSQL server (as it comes, with fsync):

* the import, in rows a second of the clock, with what each process spent and which statements took the time;
* a bare COPY of the file's rows into an unindexed table of texts;
* a bare COPY of what the import wrote (accounts, claims, legacy accounts) into unindexed tables;

then the import into SQLite. A first, four times smaller import shows whether memory grows with the file; it stays, so
that the larger one meets tables that are not empty. `--rows 4000000` measures larger files (3 GB of disk a million),
`--databases postgresql` one database only. Where other things run on the machine take processor times, and rates
against each other: both kinds of COPY are done right after the import.
"""

import argparse
import csv
import hashlib
import os
import random
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from scripts import postgres

from bench.process import cpu_seconds, tree

ROWS, ROWS_SQLITE = 1_000_000, 400_000
STANDING = 600
UNUSABLE = "!"
WRITTEN = ("accounts_account", "accounts_legalprofile", "transfer_legacyaccount")
_PASSWORDS = [f"md5${hashlib.md5(bytes([number]), usedforsecurity=False).hexdigest()}" for number in range(256)]
_HAN = [chr(point) for point in range(0x4E00, 0x8000)]
_NUMBERS = 10**8
_STRIDE = 61_803_399
"""Has no divisor in common with `_NUMBERS`: its multiples go through all of them, each far from the one before."""
_ALONE = 20_000


def write_files(folder: Path, rows: int, first: int) -> tuple[Path, Path]:
    """Write a file of units and one of persons, `rows` together; files from the `first` on have none in common."""
    from tongban.kernel import check_characters

    chance = random.Random(first)

    def numbers() -> Iterator[int]:
        return (place * _STRIDE % _NUMBERS for place in range(first, first + rows // 2))

    units, persons = folder / f"units-{rows}.csv", folder / f"persons-{rows}.csv"
    with units.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("统一社会信用代码", "单位名称", "联系人", "手机号码", "密码"))
        for number in numbers():
            digits = f"91110108{number:08d}{number % 10}"
            name = f"{''.join(chance.choices(_HAN, k=6))}科技有限公司"
            contact = "".join(chance.choices(_HAN, k=3))
            code = digits + check_characters.uscc(digits)
            out.writerow((code, name, contact, f"139{number:08d}", _PASSWORDS[number % 256]))
    with persons.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("手机号码", "密码"))
        out.writerows((f"138{number:08d}", _PASSWORDS[number % 256]) for number in numbers())
    return units, persons


def stand_before(files: tuple[Path, Path]) -> None:
    """Open accounts that the first rows of both files meet: verified, with the same phone, or squatting."""
    from django.db import transaction

    from tongban.accounts.flows.bind import bind_unit
    from tongban.accounts.flows.open_account import open_account
    from tongban.accounts.models import LegalProfile
    from tongban.accounts.rules import Realm
    from tongban.audit.actors import Actor
    from tongban.kernel.assurance import AssuranceLevel
    from tongban.kernel.mobile import Mobile
    from tongban.kernel.names import UnitName
    from tongban.kernel.uscc import Uscc

    def rows(path: Path) -> Iterator[list[str]]:
        with path.open(encoding="utf-8", newline="") as file:
            yield from islice(csv.reader(file), 1, 1 + STANDING // 2)

    with transaction.atomic():
        for number, (code, name, _contact, phone, _password) in enumerate(rows(files[0])):
            login = code if number % 2 else f"unit.{number}"
            its_phone = Mobile.parse(phone if number % 3 else f"137{number:08d}")
            account = open_account(realm=Realm.LEGAL, login_name=login, encoded_password=UNUSABLE, phone=its_phone)
            unit, uscc = UnitName.parse(name), Uscc.parse(code)
            LegalProfile.objects.create(
                account=account, unit_name=name, unit_name_key=unit.matching_key, uscc=code, unit_type="enterprise"
            )
            if number % 5 == 0:
                level = AssuranceLevel.REVIEWED
                actor = Actor.system()
                bind_unit(
                    actor=actor,
                    account=account,
                    uscc=uscc,
                    unit_name=unit,
                    unit_type=uscc.usual_unit_type,
                    assurance=level,
                )
        for number, (phone, _password) in enumerate(rows(files[1])):
            its_phone = Mobile.parse(phone if number % 2 else f"136{number:08d}")
            open_account(realm=Realm.NATURAL, login_name=phone, encoded_password=UNUSABLE, phone=its_phone)


class Memory:
    """The most that this process and its children held together, in MiB, sampled."""

    def __init__(self) -> None:
        self.most = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(0.5):
            self.most = max(self.most, sum(map(_resident, tree(os.getpid()))))


def _resident(pid: int) -> float:
    """Return what the process holds alone, and its share of what it holds with others, in MiB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def clocked() -> Iterator[Counter[str]]:
    """Yield the seconds that statements of the staging tables take, by their names."""
    from tongban.transfer.staging import Staging

    seconds: Counter[str] = Counter()
    load, execute, fetch = Staging._load, Staging._execute, Staging._fetch  # noqa: SLF001 - watched, not used

    def timed(act: Any, name: str, *given: Any, **values: Any) -> Any:
        started = time.perf_counter()
        try:
            return act(*given, **values)
        finally:
            seconds[name] += time.perf_counter() - started

    Staging._load = lambda self, table, name, lines: timed(load, f"load {name}", self, table, name, lines)  # type: ignore[method-assign] # noqa: SLF001
    Staging._execute = lambda self, name, **values: timed(execute, name, self, name, **values)  # type: ignore[method-assign] # noqa: SLF001
    Staging._fetch = lambda self, name, **values: timed(fetch, name, self, name, **values)  # type: ignore[method-assign] # noqa: SLF001
    try:
        yield seconds
    finally:
        Staging._load, Staging._execute, Staging._fetch = load, execute, fetch  # type: ignore[method-assign] # noqa: SLF001


def bring_over(files: tuple[Path, Path], processes: int) -> dict[str, int]:
    """Import both files; return how many rows had which outcome."""
    from tongban.audit.actors import Actor
    from tongban.transfer.file_format import open_file
    from tongban.transfer.flows.import_file import import_file

    counts: Counter[str] = Counter()
    for path in files:
        batch = import_file(actor=Actor.system(), file=open_file(path), processes=processes)
        assert batch.rows_bad == 0, batch.rows_bad
        counts.update(batch.counts)
    return dict(sorted(counts.items()))


def prepare_alone(files: tuple[Path, Path]) -> list[float]:
    """Return the microseconds of processor time that a row of each file takes to be made ready, without any start."""
    from uuid import UUID

    from tongban.transfer.file_format import BLOCK, open_file
    from tongban.transfer.flows.import_file import preparer_of

    found = []
    for path in files:
        file = open_file(path)
        preparer = preparer_of(file, UUID(int=0))
        blocks = list(islice(file.blocks(), 1 + _ALONE // BLOCK))
        preparer.prepare(blocks[0])  # keys are read once
        started = time.process_time()
        count = sum(preparer.prepare(block).rows for block in blocks)
        found.append(1e6 * (time.process_time() - started) / count)
    return found


def bare_copy_of_files(files: tuple[Path, Path]) -> float:
    """Return the seconds of a bare COPY of the files into unindexed tables of texts."""
    from django.db import connection

    seconds = 0.0
    for number, (path, columns) in enumerate(
        zip(files, ("a text, b text, c text, d text, e text", "a text, b text"), strict=True)
    ):
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE bare_file_{number} ({columns})")
            started = time.perf_counter()
            with (
                path.open("rb") as file,
                cursor.copy(f"COPY bare_file_{number} FROM STDIN (FORMAT csv, HEADER)") as copy,
            ):
                while piece := file.read(1 << 18):
                    copy.write(piece)
            seconds += time.perf_counter() - started
            cursor.execute(f"DROP TABLE bare_file_{number}")
    return seconds


def bare_copy_of_rows(folder: Path) -> float:
    """Return the seconds of a bare COPY of everything the import wrote into unindexed tables."""
    from django.db import connection

    seconds = 0.0
    for table in WRITTEN:
        kept = folder / f"{table}.copy"
        with connection.cursor() as cursor:
            with kept.open("wb") as file, cursor.copy(f"COPY {table} TO STDOUT") as copy:
                for piece in copy:
                    file.write(piece)
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table})")
            started = time.perf_counter()
            with kept.open("rb") as file, cursor.copy(f"COPY bare_{table} FROM STDIN") as copy:
                while piece := file.read(1 << 18):
                    copy.write(piece)
            seconds += time.perf_counter() - started
            cursor.execute(f"DROP TABLE bare_{table}")
        kept.unlink()
    return seconds


def measure(rows: int, processes: int, folder: Path, server: int | None) -> None:
    """Print the result for the database of the settings."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    small, large = write_files(folder, rows // 4, 1), write_files(folder, rows, 1 + rows)
    with Memory() as before:
        bring_over(small, processes)
    stand_before(large)
    own, roots = os.getpid(), () if server is None else (server,)
    spent, spent_there = cpu_seconds(own), cpu_seconds(*roots)
    alone, started = time.process_time(), time.perf_counter()
    with Memory() as memory, clocked() as statements:
        counts = bring_over(large, processes)
    seconds, alone = time.perf_counter() - started, time.process_time() - alone
    spent, spent_there = cpu_seconds(own) - spent, cpu_seconds(*roots) - spent_there
    load = f"{os.getloadavg()[0]:.0f} on {os.cpu_count()} processors"
    print(
        f"\n{connection.vendor}: {rows:,} rows, {processes} processes prepare them; load {load}; {counts}", flush=True
    )
    print(f"  import                              {rows / seconds:10,.0f} rows/s   {seconds:6.1f} s")
    if server is not None:
        for name, bare in (("file's rows", bare_copy_of_files(large)), ("rows as written", bare_copy_of_rows(folder))):
            print(f"  bare COPY of the {name:18} {rows / bare:10,.0f} rows/s   {bare:6.1f} s", end="")
            print(f"   import at {bare / seconds:.0%}")
    print(
        f"  memory, most at any time {memory.most:6.0f} MiB; of the import of {rows // 4:,} rows {before.most:.0f} MiB"
    )
    units, persons = prepare_alone(large)
    print("  microseconds of processor time a row:")
    print(f"    prepare (read, check, seal, index; beside) {1e6 * (spent - alone) / rows:6.1f}", end="")
    print(f"   without the start of processes: units {units:.1f}, persons {persons:.1f}")
    print(f"    hand over and count (this process)         {1e6 * alone / rows:6.1f}")
    if server is not None:
        print(f"    PostgreSQL                                 {1e6 * spent_there / rows:6.1f}")
    print("  microseconds of the clock a row, by statement:")
    for name, taken in statements.most_common(8):
        print(f"    {name:42} {1e6 * taken / rows:6.1f}")


def main() -> None:
    """Measure each database in a process of its own: settings are read once."""
    parser = argparse.ArgumentParser(prog="python -m bench.transfer")
    parser.add_argument("--rows", type=int, default=0, help="rows of the larger import")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--databases", nargs="+", default=["postgresql", "sqlite"], choices=["postgresql", "sqlite"])
    parser.add_argument("--server", type=int, default=None, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, default=None, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.folder is not None:
        measure(options.rows, options.processes, options.folder, options.server)
        return
    for database in options.databases:
        rows = options.rows or (ROWS if database == "postgresql" else ROWS_SQLITE)
        with tempfile.TemporaryDirectory(prefix="tongban-bench-") as folder:
            words = [sys.executable, "-m", "bench.transfer", "--folder", folder, "--rows", str(rows)]
            words += ["--processes", str(options.processes)]
            environment = {
                **os.environ, "DJANGO_SETTINGS_MODULE": "tongban.config.settings", "TONGBAN_PROFILE": "demo",
                "TONGBAN_HOME": folder, "TONGBAN_SECRET_KEY": secrets.token_hex(32), "PYTHONPATH": "src",
            }  # fmt: skip
            if database == "sqlite":
                subprocess.run(words, env=environment, check=True)
                continue
            with postgres.server(options=()) as address:
                pid = _server_of(address)
                environment["TONGBAN_DATABASE"] = address
                subprocess.run([*words, "--server", str(pid)], env=environment, check=True)


def _server_of(address: str) -> int:
    """Return the process id of the server at an address of `scripts.postgres`."""
    folder = Path(address.partition("host=")[2])
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


if __name__ == "__main__":
    main()
