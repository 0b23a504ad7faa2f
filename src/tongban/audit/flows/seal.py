"""Chain the events that wait. Runs in the worker, so that no request ever waits for the chain."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from tongban.audit import anchors, keys
from tongban.audit.anchors import Anchor
from tongban.audit.models import Event, Retirement, Seal, SealingLease, Waiting
from tongban.audit.rules import NO_MAC
from tongban.kernel import clock
from tongban.kernel.ids import new_id

BATCH = 500
LEASE = timedelta(seconds=15)
_worker = new_id()


def seal_waiting(*, worker: UUID = _worker, batch: int = BATCH) -> int:
    """Seal up to `batch` waiting events, oldest first, and return how many.

    One worker at a time: the lease is taken by a conditional UPDATE whose row lock lasts until the seals are
    committed; a worker that does not get it does nothing. A second worker that still got through fails on the
    unique sequence number and writes nothing.
    """
    if not Waiting.objects.exists():
        return 0
    with transaction.atomic():
        if not _take_lease(worker):
            return 0
        last = _seal_batch(list(Waiting.objects.order_by("event_id").values_list("event_id", flat=True)[:batch]))
    if not last:
        return 0
    anchors.append(Anchor(last[-1].sequence, last[-1].mac, last[-1].sealed_at))
    return len(last)


def _take_lease(worker: UUID) -> bool:
    now = clock.now()
    free = Q(holder=worker) | Q(until__lt=now) | Q(until__gt=now + 2 * LEASE)
    if SealingLease.objects.filter(free, id=1).update(holder=worker, until=now + LEASE):
        return True
    _lease, made = SealingLease.objects.get_or_create(id=1, defaults={"holder": worker, "until": now + LEASE})
    return made


def _seal_batch(event_ids: list[UUID]) -> list[Seal]:
    """Insert one seal for each event and take the events off the queue; one that vanished is sealed as vanished."""
    sealed = set(Seal.objects.filter(event_id__in=event_ids).values_list("event_id", flat=True))
    events = Event.objects.in_bulk(event_ids)
    in_order = sorted(events, key=lambda event_id: events[event_id].at)
    in_order += [event_id for event_id in event_ids if event_id not in events]
    last = Seal.objects.order_by("-sequence").first()
    sequence, previous = (last.sequence, last.mac) if last else _start()
    key, now = keys.current(keys.CHAIN), clock.now()
    seals = []
    for event_id in in_order:
        if event_id in sealed:
            continue  # somebody queued it a second time; one seal is enough
        sequence += 1
        event = events.get(event_id)
        digest = event.digest(key.suite) if event else NO_MAC
        seal = Seal(sequence=sequence, event_id=event_id, event_digest=digest, sealed_at=now, key_id=key.id)
        seal.mac = previous = keys.mac(key, seal.signed_bytes(previous))
        seals.append(seal)
    Seal.objects.bulk_create(seals)
    Waiting.objects.filter(event_id__in=event_ids).delete()
    return seals


def _start() -> tuple[int, str]:
    """Return what stands before the first seal: the last retired link, or nothing."""
    retirement = Retirement.objects.order_by("-through").first()
    return (retirement.through, retirement.mac) if retirement else (0, NO_MAC)
