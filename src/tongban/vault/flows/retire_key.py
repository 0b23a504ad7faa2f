"""Take a key that nothing needs any more out of the ring."""

from datetime import timedelta

from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock, key_ring
from tongban.vault import events, keys, queries
from tongban.vault.errors import KeyInUse, KeyUnknown

REST = timedelta(days=7)
"""How long its successor must have been current: whatever is sealed or digested outside the fields lives shorter."""


def retire_key(*, actor: Actor, key_id: str) -> None:
    """Remove the key `key_id` for good. Raises `KeyUnknown`, or `KeyInUse` while something may need it."""
    file = keys.key_file()
    key = next((key for key in file.ring().keys if key.id == key_id), None)
    if key is None:
        raise KeyUnknown(key=key_id)
    current = keys.current(key.use)
    if key.current_from >= current.current_from:
        raise KeyInUse(key=key_id, reason="current")
    if clock.now() - current.current_from < REST:
        raise KeyInUse(key=key_id, reason="recent")
    if rows := queries.rows_of_key(key):
        raise KeyInUse(key=key_id, reason="rows", rows=rows)
    with transaction.atomic():
        record(events.KEY_RETIRED, actor=actor, facts={"key": key.id, "use": key.use})
        key_ring.change(file.path, lambda ring: [other for other in ring if other.id != key_id])
    file.forget()
