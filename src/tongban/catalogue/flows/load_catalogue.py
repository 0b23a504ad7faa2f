"""Make the catalogue say what the operator's file says."""

from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.catalogue import events
from tongban.catalogue.loading import Loaded, load_rows
from tongban.catalogue.models import Service
from tongban.catalogue.rules import ServiceEntry
from tongban.catalogue.searching import fold
from tongban.design.translations import every_text
from tongban.kernel import clock


@transaction.atomic
def load_catalogue(*, actor: Actor, entries: Iterable[ServiceEntry]) -> Loaded:
    """Offer exactly `entries`, in their order; loading the same again changes nothing.

    A service that `entries` no longer names is withdrawn, and comes back under its old identity when named again.
    """
    rows = (
        {**asdict(entry), "position": position, "search_text": _search_text(entry)}
        for position, entry in enumerate(entries)
    )
    loaded = load_rows(Service, rows, loaded_at=clock.now())
    if loaded.changed_anything:
        record(events.LOADED, actor=actor, facts=asdict(loaded))
    return loaded


def _search_text(entry: ServiceEntry) -> str:
    """Return everything a search looks at, whatever language it is in."""
    materials = (f"{material['name']} {material['form']} {material['note']}" for material in entry.materials)
    parts = [
        entry.name, entry.summary, entry.category, entry.office, entry.result, entry.how_to_apply,
        *entry.conditions, *materials, *entry.steps, *entry.legal_basis,
        *every_text(entry.translations),
    ]  # fmt: skip
    return fold("\n".join(part for part in parts if part))
