"""Add keys to the ring; they become current once every process knows them."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import key_ring
from tongban.kernel.key_ring import Key
from tongban.vault import events, keys

READY_IN = timedelta(seconds=60)
"""How long a new key is published before it is used; processes look for new keys every few seconds."""


def rotate(*, actor: Actor, use: str, ready_in: timedelta = READY_IN) -> Key:
    """Add a fresh key of the configured suite for `use` and return it. Old values stay readable with the older keys."""
    return rotate_together(actor=actor, uses=[use], ready_in=ready_in)[0]


def rotate_together(*, actor: Actor, uses: Iterable[str], ready_in: timedelta = READY_IN) -> list[Key]:
    """Add a fresh key for each of `uses`, all or none, and return them."""
    fresh = [key_ring.new_key(use, keys.wanted_suite(), ready_in=ready_in) for use in uses]
    file = keys.key_file()
    with transaction.atomic():
        for key in fresh:
            facts = {"key": key.id, "use": key.use, "suite": key.suite, "current_from": key.current_from.isoformat()}
            record(events.KEY_ROTATED, actor=actor, facts=facts)
        key_ring.change(file.path, lambda ring: (*ring, *fresh))
    file.forget()
    return fresh
