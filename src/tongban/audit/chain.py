"""Check a stretch of the chain against the events it seals."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tongban.audit import keys, queries
from tongban.audit.findings import Finding, Kind
from tongban.audit.models import Event, Seal
from tongban.audit.rules import NO_MAC


@dataclass(frozen=True, slots=True)
class Link:
    """Where a stretch begins: after the seal `sequence` with `mac`."""

    sequence: int = 0
    mac: str = NO_MAC


def check(start: Link, through: int, *, progress: Callable[[int], None] = lambda done: None) -> Iterator[Finding]:
    """Yield what is wrong with the seals after `start` up to `through` and with their events.

    `progress` is told how many more seals have been checked. After a break the chain is followed from the stored mac,
    so that one altered row gives one finding.
    """
    for chunk in queries.seals_after(start.sequence, through):
        events = Event.objects.in_bulk([seal.event_id for seal in chunk])
        for seal in chunk:
            yield from _check_link(start, seal)
            yield from _check_event(seal, events.get(seal.event_id))
            start = Link(seal.sequence, seal.mac)
        progress(len(chunk))


def _check_link(before: Link, seal: Seal) -> Iterator[Finding]:
    missing = seal.sequence - before.sequence - 1
    if missing:
        yield Finding(Kind.SEAL_MISSING, before.sequence + 1, detail=str(missing))
    elif not keys.matches(keys.CHAIN, seal.key_id, seal.signed_bytes(before.mac), seal.mac):
        yield Finding(Kind.SEAL_ALTERED, seal.sequence, seal.event_id)


def _check_event(seal: Seal, event: Event | None) -> Iterator[Finding]:
    if event is None:
        kind = Kind.EVENT_VANISHED if seal.event_digest == NO_MAC else Kind.EVENT_MISSING
        yield Finding(kind, seal.sequence, seal.event_id)
    elif (hash_name := keys.hash_of(keys.CHAIN, seal.key_id)) and event.digest(hash_name) != seal.event_digest:
        yield Finding(Kind.EVENT_ALTERED, seal.sequence, seal.event_id)
    elif not is_genuine(event):
        yield Finding(Kind.EVENT_FORGED, seal.sequence, seal.event_id)


def is_genuine(event: Event) -> bool:
    """Return whether the platform recorded `event` as it stands."""
    return keys.matches(keys.EVENT, event.key_id, event.signed_bytes(), event.mac)
