"""Read the trail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from tongban.audit import keys
from tongban.audit.models import Event, Retirement, Seal, Waiting

_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Criteria:
    """Which events: from `since` up to but without `until`; a `name` ending in `*` stands for all that begin so."""

    since: datetime | None = None
    until: datetime | None = None
    name: str = ""
    subject: UUID | None = None
    actor_id: str = ""

    def condition(self) -> Q:
        """Return the condition on `Event` rows."""
        parts: dict[str, object] = {"at__gte": self.since, "at__lt": self.until, "subject": self.subject}
        parts["name__startswith" if self.name.endswith("*") else "name"] = self.name.removesuffix("*") or None
        parts["actor_id"] = self.actor_id or None
        return Q(**{name: value for name, value in parts.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Epoch:
    """The seals from `first` to `last` are made with one key."""

    first: int
    last: int
    key_id: str


def events(criteria: Criteria) -> Iterator[tuple[Event, Seal | None]]:
    """Yield the matching events, oldest first, each with its seal if it has one."""
    rows: QuerySet[Event] = Event.objects.filter(criteria.condition()).order_by("at", "id")
    chunk: list[Event] = []
    for event in rows.iterator(chunk_size=_CHUNK):
        chunk.append(event)
        if len(chunk) == _CHUNK:
            yield from _with_seals(chunk)
            chunk = []
    yield from _with_seals(chunk)


def _with_seals(chunk: list[Event]) -> Iterator[tuple[Event, Seal | None]]:
    seals = {seal.event_id: seal for seal in Seal.objects.filter(event_id__in=[event.id for event in chunk])}
    for event in chunk:
        yield event, seals.get(event.id)


def exported(event: Event, seal: Seal | None) -> dict[str, Any]:
    """Return what an export says of one event: all it is, and its place in the chain."""
    row = {name: getattr(event, name) for name in (*Event.SIGNED, "mac")}
    if seal is not None:
        fields = ("sequence", "event_digest", "sealed_at", "key_id", "mac")
        row["seal"] = {name: getattr(seal, name) for name in fields}
        row["seal"]["hash"] = keys.hash_of(keys.CHAIN, seal.key_id)
    return row


def seals_after(sequence: int, through: int) -> Iterator[list[Seal]]:
    """Yield the seals with numbers above `sequence` up to `through`, in order, in lists of bounded length."""
    while True:
        chunk = list(Seal.objects.filter(sequence__gt=sequence, sequence__lte=through).order_by("sequence")[:_CHUNK])
        if not chunk:
            return
        yield chunk
        sequence = chunk[-1].sequence


def epochs(after: int, through: int) -> list[Epoch]:
    """Return the stretches of the chain after `after` up to `through` that one key sealed, in order."""
    seals = Seal.objects.filter(sequence__gt=after, sequence__lte=through)
    rows = seals.values("key_id").annotate(first=Min("sequence"), last=Max("sequence")).order_by("first")
    return [Epoch(row["first"], row["last"], row["key_id"]) for row in rows]


def last_sequence() -> int:
    """Return the number of the last seal, 0 when there is none."""
    return Seal.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def last_retirement() -> Retirement | None:
    """Return the latest retirement."""
    retirement: Retirement | None = Retirement.objects.order_by("-through").first()
    return retirement


def waiting() -> QuerySet[Waiting]:
    """Return the queue of events without a seal, oldest first."""
    return Waiting.objects.order_by("event_id")


def stray_events() -> QuerySet[Any]:
    """Return events that neither have a seal nor wait for one: somebody put them there past the platform."""
    sealed = Seal.objects.filter(event_id=OuterRef("id"))
    queued = Waiting.objects.filter(event_id=OuterRef("id"))
    return Event.objects.filter(~Exists(sealed), ~Exists(queued)).order_by("id")
