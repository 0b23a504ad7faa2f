"""Everything an operator would look at first, looked at in one go; each finding says how to mend it.

Nothing secret is ever part of a finding: settings are named, not shown, and addresses of databases without passwords.
"""

import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, run_checks
from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from tongban.audit import anchors, events
from tongban.audit import keys as audit_keys
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.audit.models import Event, Seal
from tongban.config.table import TABLE
from tongban.kernel import clock
from tongban.kernel.key_ring import KeyRingError
from tongban.kernel.vendors.errors import NotReached, Refused, Unanswered, VendorError
from tongban.kernel.vendors.probing import Probed
from tongban.notify.provider import providers as sms_providers
from tongban.proofing.adapters.register import Register
from tongban.proofing.authority import configured
from tongban.proofing.errors import AuthorityMisconfigured
from tongban.proofing.models import RegisterPerson, RegisterUnit
from tongban.site.backlog import backlogs
from tongban.vault import blobs, queries
from tongban.vault import keys as vault_keys

_OLDEST_POSTGRESQL = 150_000
_LATE = timedelta(minutes=10)
_LITTLE, _VERY_LITTLE = 2 * 1024**3, 256 * 1024**2
_SKEW = timedelta(seconds=2)


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and, unless it is well, how to mend it."""

    level: Level
    what: str
    how_it_is: str
    mend: str = ""


def examine(*, actor: Actor, wait: float = 10.0) -> Iterator[Finding]:
    """Look at everything and yield what there is to say, in the order in which things depend on each other.

    `wait` is how many seconds the worker gets to seal an event that is recorded for it. What needs the database is left
    out while it does not answer.
    """
    yield from _environment(os.environ)
    yield from _rings()
    yield from _disk()
    database = [*_database()]
    yield from database
    if _is_wrong(database):
        yield from _checks(databases=[])
        return
    migrations = [*_migrations()]
    yield from migrations
    if _is_wrong(migrations):
        yield from _checks(databases=[])
        return
    yield from _checks(databases=["default"])
    yield from _moving()
    yield from _clock()
    yield from _providers()
    yield from _backlogs()
    yield from _worker(actor, wait)


def _is_wrong(findings: Sequence[Finding]) -> bool:
    return any(finding.level is Level.WRONG for finding in findings)


def _environment(environment: Mapping[str, str]) -> Iterator[Finding]:
    known = {f"TONGBAN_{setting.name}" for setting in TABLE}
    unknown = sorted(name for name in environment if name.startswith("TONGBAN_") and name not in known)
    if unknown:
        mend = "correct or remove them: `tongban settings` lists all there are"
        yield Finding(Level.WARNING, "settings", f"not settings: {', '.join(unknown)}", mend)
    yield Finding(Level.OK, "settings", f"profile {settings.PROFILE}, algorithms {settings.CRYPTO_SUITE}")
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if settings.PROFILE != "test" and not manifest.exists():
        yield Finding(Level.WRONG, "static files", f"{manifest} is missing", "run `tongban collectstatic --noinput`")


def _rings() -> Iterator[Finding]:
    rooms = (("vault", vault_keys.key_file, vault_keys.USES), ("audit", audit_keys.key_file, audit_keys.USES))
    for room, key_file, uses in rooms:
        try:
            ring = key_file().ring()
            suites = {ring.current(use).suite for use in uses}
        except KeyRingError as error:
            mend = _RING_MENDS.get(error.reason, "restore the file from the safe")
            yield Finding(Level.WRONG, f"{room} keys", str(error), mend.format(room=room))
            continue
        yield Finding(Level.OK, f"{room} keys", f"{len(ring.keys)} keys, current: {', '.join(sorted(suites))}")


_RING_MENDS = {
    "path_missing": "name the file; `tongban {room} create-keys` makes it before the first start",
    "missing": "restore the file from the safe; only before the first start: `tongban {room} create-keys`",
    "too_open": "chmod 600 the file, and rotate the keys if others could read it",
}


def _disk() -> Iterator[Finding]:
    folders = {"HOME": settings.HOME, "EVIDENCE_FOLDER": blobs.folder(), "AUDIT_ANCHORS": anchors.path().parent}
    for name, folder in folders.items():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
            free = _free(folder)
        except OSError as error:
            mend = "let the user of the platform write there"
            yield Finding(Level.WRONG, f"disk, {name}", f"{folder}: {error.strerror}", mend)
            continue
        level = Level.WRONG if free < _VERY_LITTLE else Level.WARNING if free < _LITTLE else Level.OK
        mend = "" if level is Level.OK else "make room or move the folder: a full disk stops every upload and every act"
        yield Finding(level, f"disk, {name}", f"{free / 1024**3:.1f} GiB free in {folder}", mend)


def _free(folder: Path) -> int:
    """Return the bytes that are left for us where `folder` stands."""
    volume = os.statvfs(folder)
    return volume.f_bavail * volume.f_frsize


def _database() -> Iterator[Finding]:
    start = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            connected = time.perf_counter()
            cursor.execute("SELECT 1")
            answered = time.perf_counter()
            version = _version()
    except DatabaseError as error:
        mend = "is the server running, and does DATABASE name it and a user who may enter?"
        yield Finding(Level.WRONG, "database", f"{connection.vendor} does not answer ({type(error).__name__})", mend)
        return
    times = f"connected in {(connected - start) * 1000:.1f} ms, answers in {(answered - connected) * 1000:.1f} ms"
    yield Finding(Level.OK, "database", f"{version}, {times}")
    if connection.vendor == "postgresql" and connection.pg_version < _OLDEST_POSTGRESQL:  # type: ignore[attr-defined]
        yield Finding(Level.WRONG, "database", f"{version} is too old", "PostgreSQL 15 or newer")


def _version() -> str:
    names = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
    return f"{names[connection.vendor]} {'.'.join(str(part) for part in connection.get_database_version())}"


def _pending() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label} {migration.name}" for migration, _backwards in plan]


def _migrations() -> Iterator[Finding]:
    if pending := _pending():
        shown = ", ".join(pending[:3]) + (", …" if len(pending) > 3 else "")
        yield Finding(Level.WRONG, "migrations", f"{len(pending)} wait: {shown}", "run `tongban migrate`")
    else:
        yield Finding(Level.OK, "migrations", "all done")


def _checks(*, databases: list[str]) -> Iterator[Finding]:
    """Yield what the rooms' own start-up checks say; a serious one keeps the platform from starting."""
    messages: list[CheckMessage] = run_checks(databases=databases)
    for message in messages:
        level = Level.WRONG if message.is_serious() else Level.WARNING
        if message.level >= CheckWarning("").level:
            yield Finding(level, f"check {message.id}", message.msg, message.hint or "see docs/settings.md")
    if not any(message.is_serious() for message in messages):
        yield Finding(Level.OK, "start-up checks", "nothing keeps the platform from starting")


def _moving() -> Iterator[Finding]:
    if left := queries.left_to_move():
        mend = "the worker moves them; to see it happen: `tongban vault rotate`"
        yield Finding(Level.WARNING, "rotation of keys", f"{left} values are not under the current keys", mend)


def _clock() -> Iterator[Finding]:
    now = clock.now()
    mend = "let chrony or systemd-timesyncd set the clock: codes, sessions and the audit trail depend on it"
    if (theirs := _database_time()) is not None and abs(theirs - time.time()) > _SKEW.total_seconds():
        text = f"{time.time() - theirs:+.1f} s from the database's"
        yield Finding(Level.WRONG, "clock", text, mend)
        return
    newest = Event.objects.order_by("-at").values_list("at", flat=True).first()
    if newest is not None and newest > now + _SKEW:
        yield Finding(Level.WRONG, "clock", f"behind the newest event by {newest - now}", mend)
        return
    yield Finding(Level.OK, "clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _database_time() -> float | None:
    """Return the seconds since 1970 on the database's machine; None where it is this one."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXTRACT(EPOCH FROM clock_timestamp())")
        return float(cursor.fetchone()[0])


def _providers() -> Iterator[Finding]:
    """Ask every vendor in use whether it is there and accepts our key; a demonstration's own parts always are."""
    with suppress(AuthorityMisconfigured):  # said by the start-up checks
        for authority in configured():
            yield from _provider("authority", authority.name, authority)
            if isinstance(authority, Register) and settings.PROFILE == "production":
                yield from _register()
    with suppress(ImportError):
        for provider in sms_providers():
            yield from _provider("SMS", provider.name, provider)


def _provider(kind: str, name: str, adapter: object) -> Iterator[Finding]:
    if not isinstance(adapter, Probed):
        yield Finding(Level.OK, f"{kind} {name}", "part of the platform")
        return
    start = time.perf_counter()
    try:
        adapter.probe(within=_PROBE_WITHIN)
    except VendorError as error:
        mend = _VENDOR_MENDS[type(error)]
        yield Finding(Level.WRONG, f"{kind} {name}", f"{error.action}: {error.reason}", mend)
    else:
        took = (time.perf_counter() - start) * 1000
        yield Finding(Level.OK, f"{kind} {name}", f"answers and accepts our key, {took:.0f} ms")


def _register() -> Iterator[Finding]:
    if not RegisterPerson.objects.exists() and not RegisterUnit.objects.exists():
        mend = "`tongban register import FILE`, or name a vendor in AUTHORITY: nobody can be verified automatically"
        yield Finding(Level.WARNING, "authority register", "knows nobody", mend)


_PROBE_WITHIN = 5.0
_VENDOR_MENDS: Mapping[type[VendorError], str] = {
    NotReached: "is its address right, is its name known, may this machine connect (firewall, VENDOR_PROXY)?",
    Unanswered: "the vendor is there and gives no usable answer: try again; if it lasts, ask its support",
    Refused: "look the code up at the vendor: the key, its rights, the account, or this machine's clock",
}

_BACKLOG_MENDS = {
    "audit_events": "start `tongban worker`",
    "sms": "does a provider take them? See its messages in the worker's log, and SMS_PROVIDER",
    "verifications": "does the authority answer? See its messages in the worker's log, and AUTHORITY",
    "pictures": "start `tongban worker`",
}


def _backlogs() -> Iterator[Finding]:
    for backlog in backlogs():
        age = f", the oldest for {backlog.oldest.total_seconds():.0f} s" if backlog.oldest else ""
        late = backlog.oldest is not None and backlog.oldest > _LATE
        mend = _BACKLOG_MENDS[backlog.name] if late else ""
        level = Level.WARNING if late else Level.OK
        yield Finding(level, f"waiting {backlog.name.replace('_', ' ')}", f"{backlog.count}{age}", mend)


def _worker(actor: Actor, wait: float) -> Iterator[Finding]:
    """Record an event and see whether some worker seals it: that is what a worker does all day."""
    with transaction.atomic():
        event_id = record(events.WORKER_PROBED, actor=actor)
    start = time.monotonic()
    while time.monotonic() - start < wait:
        if Seal.objects.filter(event_id=event_id).exists():
            yield Finding(Level.OK, "worker", f"sealed an event after {time.monotonic() - start:.1f} s")
            return
        time.sleep(0.1)
    mend = "start `tongban worker`, or see its log"
    yield Finding(Level.WRONG, "worker", f"sealed nothing in {wait:.0f} s: none is running", mend)
