"""Make the notices say what the operator's file says."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction

from tongban.catalogue.searching import fold
from tongban.kernel import clock
from tongban.site.models import Notice
from tongban.site.rules import NoticeEntry


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many notices the file added, changed, left as they were, and withdrew."""

    added: int
    changed: int
    unchanged: int
    withdrawn: int


@transaction.atomic
def load_notices(*, entries: Iterable[NoticeEntry]) -> Loaded:
    """Publish exactly `entries`; loading the same again changes nothing, what is no longer named is withdrawn."""
    rows = {row.slug: row for row in Notice.objects.select_for_update()}
    added = changed = unchanged = 0
    for entry in entries:
        row = rows.pop(entry.slug, None)
        values = {**asdict(entry), "search_text": fold(f"{entry.title}\n{entry.body}"), "withdrawn_at": None}
        if row is None:
            Notice.objects.create(**values)
            added += 1
        elif any(getattr(row, name) != value for name, value in values.items()):
            Notice.objects.filter(pk=row.pk).update(**values)
            changed += 1
        else:
            unchanged += 1
    withdrawn = Notice.objects.filter(slug__in=rows, withdrawn_at=None).update(withdrawn_at=clock.now())
    return Loaded(added=added, changed=changed, unchanged=unchanged, withdrawn=withdrawn)
