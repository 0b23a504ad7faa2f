"""Make the catalogue say what the operator's file says."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction

from tongban.catalogue.models import Service
from tongban.catalogue.rules import ServiceEntry
from tongban.catalogue.searching import fold
from tongban.kernel import clock


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many services the file added, changed, left as they were, and withdrew."""

    added: int
    changed: int
    unchanged: int
    withdrawn: int


@transaction.atomic
def load_catalogue(*, entries: Iterable[ServiceEntry]) -> Loaded:
    """Offer exactly `entries`, in their order; loading the same again changes nothing.

    A service that `entries` no longer names is withdrawn, and comes back under its old identity when named again.
    """
    now = clock.now()
    rows = {row.slug: row for row in Service.objects.select_for_update()}
    added = changed = unchanged = 0
    for position, entry in enumerate(entries):
        row = rows.pop(entry.slug, None)
        values = {**asdict(entry), "position": position, "search_text": _search_text(entry), "withdrawn_at": None}
        if row is None:
            Service.objects.create(**values, loaded_at=now)
            added += 1
        elif any(getattr(row, name) != value for name, value in values.items()):
            Service.objects.filter(pk=row.pk).update(**values, loaded_at=now)
            changed += 1
        else:
            unchanged += 1
    withdrawn = Service.objects.filter(slug__in=rows, withdrawn_at=None).update(withdrawn_at=now)
    return Loaded(added=added, changed=changed, unchanged=unchanged, withdrawn=withdrawn)


def _search_text(entry: ServiceEntry) -> str:
    materials = (f"{material['name']} {material['form']} {material['note']}" for material in entry.materials)
    parts = [
        entry.name, entry.summary, entry.category, entry.office, entry.result, entry.how_to_apply,
        *entry.conditions, *materials, *entry.steps, *entry.legal_basis,
    ]  # fmt: skip
    return fold("\n".join(part for part in parts if part))
