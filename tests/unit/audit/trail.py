"""A short trail to attack, and raw SQL to attack it with, past the ORM and (in these tests) without the triggers."""

from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tongban.audit.actors import Actor
from tongban.audit.findings import Kind
from tongban.audit.flows.record import record
from tongban.audit.flows.seal import seal_waiting
from tongban.audit.flows.verify import verify
from tongban.audit.models import Event, Seal
from tongban.audit.names import Name

HAPPENED = Name("test:trail:happened", "something happened in a test")


def happen(count: int = 1, **facts: int) -> list[UUID]:
    """Record `count` events, each in a transaction of its own."""
    ids = []
    for number in range(count):
        with transaction.atomic():
            ids.append(record(HAPPENED, actor=Actor.system(), facts={"number": number} | facts))
    return ids


def sealed_trail(count: int = 6) -> list[UUID]:
    """Record and seal `count` events, in two batches."""
    ids = happen(count)
    seal_waiting(batch=count // 2)
    seal_waiting()
    return ids


def sql(statement: str, *values: Any) -> int:
    """Run `statement` (with %s for each of `values`) and return how many rows it touched."""
    raw = [value.hex if isinstance(value, UUID) and connection.vendor == "sqlite" else value for value in values]
    with connection.cursor() as cursor:
        cursor.execute(statement, raw)
        return int(cursor.rowcount)


def found() -> set[tuple[Kind, int | None]]:
    """Return what verification finds, without the triggers that tests do without."""
    findings = verify().findings
    return {(finding.kind, finding.sequence) for finding in findings if finding.kind is not Kind.GUARD_MISSING}


def event_of(sequence: int) -> Event:
    """Return the event under the seal `sequence`."""
    event: Event = Event.objects.get(id=Seal.objects.get(sequence=sequence).event_id)
    return event
