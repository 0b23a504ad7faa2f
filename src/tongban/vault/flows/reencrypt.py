"""Bring everything sealed and every blind index under the current keys, while the platform runs.

The rows themselves say which key they need, so there is no list of work: a walk that is killed starts again and finds
only what is left. Each row is changed by a conditional UPDATE; one that changed meanwhile is already under a new key.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, models, transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.audit.names import Name
from tongban.kernel import clock
from tongban.vault import blind_index, events, keepers, keys, queries, sealing
from tongban.vault.errors import VaultError
from tongban.vault.queries import Holder

log = logging.getLogger("tongban.vault.reencrypt")
BATCH = 200
SETTLE = timedelta(seconds=60)
"""How long a key must have been current, so that no transaction in hand still writes under the one before."""


@dataclass(slots=True)
class Tally:
    """What a walk did so far, in rows and other values."""

    renewed: int = 0
    damaged: int = 0
    conflicts: int = 0


def settled() -> bool:
    """Return whether the current keys are old enough to walk."""
    return all(keys.current(use).current_from + SETTLE <= clock.now() for use in (keys.SEAL, keys.INDEX))


def settled_at() -> datetime:
    """Return when the newest keys are current and old enough to walk."""
    return max(key.current_from for use in (keys.SEAL, keys.INDEX) for key in keys.all_keys(use)) + SETTLE


def walk(*, actor: Actor, batch: int = BATCH, tally: Tally | None = None) -> Iterator[int]:
    """Renew every stale value, one transaction a batch, and yield the number of values of each batch.

    `tally` counts what becomes of them.
    """
    tally = tally or Tally()
    for holder in queries.holders():
        last = None
        while rows := _next_rows(holder, last, batch):
            with transaction.atomic():
                for row in rows:
                    _renew(holder, row, actor, tally)
            last = rows[-1].pk
            yield len(rows)
    for keeper in keepers.registered():
        for done in keeper.renew(batch) if keeper.renew else ():
            tally.renewed += done.renewed
            tally.damaged += done.damaged
            yield done.renewed + done.damaged
    if tally != Tally():
        facts = {"renewed": tally.renewed, "damaged": tally.damaged, "conflicts": tally.conflicts}
        with transaction.atomic():
            record(events.REENCRYPTED, actor=actor, facts=facts)


def _next_rows(holder: Holder, last: object, batch: int) -> list[models.Model]:
    rows = queries.stale_rows(holder).order_by("pk")
    return list((rows if last is None else rows.filter(pk__gt=last))[:batch])


def _renew(holder: Holder, row: models.Model, actor: Actor, tally: Tally) -> None:
    try:
        old, new = _renewed_values(holder, row)
    except VaultError as error:
        tally.damaged += 1
        _tell(events.ROW_DAMAGED, holder, row, actor, error.code)
        return
    rows = holder.model._base_manager.filter(pk=row.pk, **old)  # noqa: SLF001 - Django's public name
    try:
        with transaction.atomic():
            tally.renewed += rows.update(**new)
    except IntegrityError:
        tally.conflicts += 1
        _tell(events.INDEX_CONFLICT, holder, row, actor, events.INDEX_CONFLICT.name)


def _renewed_values(holder: Holder, row: models.Model) -> tuple[dict[str, object], dict[str, object]]:
    """Return the stale values of `row` by field, and what to put in their place."""
    old: dict[str, object] = {}
    new: dict[str, object] = {}
    head = sealing.header_of(keys.current(keys.SEAL))
    for field in holder.sealed:
        value = getattr(row, field.attname)
        if value is not None and not value.erased and not value.ciphertext().startswith(head):
            old[field.name], new[field.name] = value, value.renewed()
    prefix = blind_index.key_prefix(keys.current(keys.INDEX))
    for index in holder.indexes:
        stored = getattr(row, index.attname)
        if stored and not stored.startswith((prefix, queries.ERASED_INDEX)):
            old[index.name], new[index.name] = stored, index.index_of(row)
    return old, new


def _tell(name: Name, holder: Holder, row: models.Model, actor: Actor, code: str) -> None:
    label = holder.model._meta.label  # noqa: SLF001 - Django's public name
    log.error("%s: %s %s", code, label, row.pk)
    record(name, actor=actor, subject=row.pk if isinstance(row.pk, UUID) else None, facts={"model": label})


class Walker:
    """The worker's job: one batch a turn, and nothing at all once everything is under the current keys.

    It walks until a walk finds nothing to renew: a transaction that began under the former keys may end behind it.
    """

    def __init__(self) -> None:
        self._batches: Iterator[int] | None = None
        self._tally = Tally()
        self._walking: tuple[str, ...] = ()
        self._done: tuple[str, ...] = ()

    def run(self) -> int:
        """Renew one batch and return its number of rows."""
        wanted = tuple(keys.current(use).id for use in (keys.SEAL, keys.INDEX))
        if wanted == self._done or not settled():
            return 0
        if self._batches is None or wanted != self._walking:
            self._tally, self._walking = Tally(), wanted
            self._batches = walk(actor=Actor.system(), tally=self._tally)
        if rows := next(self._batches, 0):
            return rows
        self._batches = None
        if not self._tally.renewed:
            self._done = wanted
        return 0
