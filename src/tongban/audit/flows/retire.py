"""Move events that have been kept long enough out of the database into an archive: the only way they ever leave."""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tongban.audit import chain, events, queries
from tongban.audit.actors import Actor
from tongban.audit.chain import Link
from tongban.audit.errors import RetireRefused
from tongban.audit.flows.record import record
from tongban.audit.models import Event, Retirement, Seal
from tongban.audit.rules import NO_MAC, canonical
from tongban.kernel import clock


@dataclass(frozen=True, slots=True)
class Archive:
    """What was moved: `events` events, up to the seal `through`, into a file with this SHA-256."""

    events: int
    through: int
    sha256: str


def retire(*, actor: Actor, before: datetime, archive: Path) -> Archive:
    """Archive and delete the events sealed before `before`; the chain goes on from the last of them.

    Raises `RetireRefused` when `before` is younger than AUDIT_RETENTION_DAYS, nothing is that old, the file exists, or
    the stretch is not intact. Killed half-way, the next call removes what is left over.
    """
    if clock.now() - before < timedelta(days=settings.AUDIT_RETENTION_DAYS):
        raise RetireRefused(reason="too_young")
    retirement = queries.last_retirement()
    start = Link(retirement.through, retirement.mac) if retirement else Link(0, NO_MAC)
    _delete_through(start.sequence)
    last = Seal.objects.filter(sequence__gt=start.sequence, sealed_at__lt=before).order_by("-sequence").first()
    if last is None:
        raise RetireRefused(reason="nothing")
    if finding := next(chain.check(start, last.sequence), None):
        raise RetireRefused(reason="not_intact", finding=finding.kind.value, sequence=finding.sequence)
    count, digest = _write(archive, start.sequence, last.sequence)
    facts = {"through": last.sequence, "mac": last.mac, "archive": digest, "events": count}
    with transaction.atomic():
        event_id = record(events.RETIRED, actor=actor, facts=facts)
        Retirement.objects.create(through=last.sequence, mac=last.mac, archive_digest=digest, event_id=event_id)
    _delete_through(last.sequence)
    return Archive(count, last.sequence, digest)


def _write(file: Path, start: int, through: int) -> tuple[int, str]:
    """Write the archive, one JSON line an event with its seal; return how many, and the SHA-256 of the file."""
    count, digest = 0, hashlib.sha256()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise RetireRefused(reason="file_exists", file=str(file)) from None
    with os.fdopen(descriptor, "wb") as out:
        for chunk in queries.seals_after(start, through):
            rows = Event.objects.in_bulk([seal.event_id for seal in chunk])
            for seal in chunk:
                line = canonical(queries.exported(rows[seal.event_id], seal)) + b"\n"
                out.write(line)
                digest.update(line)
                count += 1
        out.flush()
        os.fsync(out.fileno())
    return count, digest.hexdigest()


def _delete_through(through: int) -> None:
    for chunk in queries.seals_after(0, through):
        with transaction.atomic():
            Event.objects.filter(id__in=[seal.event_id for seal in chunk]).retire()
            Seal.objects.filter(sequence__in=[seal.sequence for seal in chunk]).retire()
