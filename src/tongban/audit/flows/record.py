"""Write down that something happened."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from tongban.audit import context, keys
from tongban.audit.actors import Actor
from tongban.audit.errors import OutsideTransaction
from tongban.audit.models import Event
from tongban.audit.names import Name
from tongban.audit.rules import JsonScalar, check_facts
from tongban.audit.statements import Statement
from tongban.kernel import clock

_NO_FACTS: Mapping[str, JsonScalar] = MappingProxyType({})


def record(
    name: Name, *, actor: Actor, subject: UUID | None = None, facts: Mapping[str, JsonScalar] = _NO_FACTS
) -> UUID:
    """Record the event `name` in the transaction of the act it tells of, and return its id.

    `facts` are scalars that a reader of the trail needs and never personal data. The chain is not touched here: the
    worker seals the event seconds later. Raises `OutsideTransaction`, `FactRefused`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(name=name.name)
    event = _event(name, actor=actor, subject=subject, facts=facts)
    event.insert_unsealed()
    return event.id


def record_with(
    act: Statement,
    name: Name,
    *,
    actor: Actor,
    subject: UUID | None = None,
    facts: Mapping[str, JsonScalar] = _NO_FACTS,
) -> UUID:
    """Carry out `act` and record the event `name` that tells of it, both or neither; return the event's id.

    For acts of one statement that happen at every log-in: it needs no transaction around it, and on PostgreSQL a
    single trip. Raises `FactRefused`.
    """
    event = _event(name, actor=actor, subject=subject, facts=facts)
    event.insert_unsealed(act)
    return event.id


def _event(name: Name, *, actor: Actor, subject: UUID | None, facts: Mapping[str, JsonScalar]) -> Event:
    request = context.current()
    key = keys.current(keys.EVENT)
    event = Event(
        name=name.name,
        at=clock.now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        subject=subject,
        facts=check_facts(facts),
        request_id=request.request_id,
        network=request.network,
        key_id=key.id,
    )
    event.mac = keys.mac(key, event.signed_bytes())
    return event
