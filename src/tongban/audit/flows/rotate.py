"""Add an audit key; the older ones stay for ever, since what they signed must be verified."""

from datetime import timedelta

from django.db import transaction

from tongban.audit import events, keys
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import key_ring
from tongban.kernel.key_ring import Key

READY_IN = timedelta(seconds=60)


def rotate(*, actor: Actor, use: str, ready_in: timedelta = READY_IN) -> Key:
    """Add a fresh key for `use` (event or chain), current `ready_in` from now, and return it."""
    key = key_ring.new_key(use, keys.wanted_hash(), ready_in=ready_in)
    facts = {"key": key.id, "use": key.use, "suite": key.suite, "current_from": key.current_from.isoformat()}
    file = keys.key_file()
    with transaction.atomic():
        record(events.KEY_ROTATED, actor=actor, facts=facts)
        key_ring.change(file.path, lambda ring: (*ring, key))
    file.forget()
    return key
