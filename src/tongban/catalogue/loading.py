"""Make a table say what an operator's file says: rows are known by their slug, and withdrawn when no longer named."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models

from tongban.kernel import clock


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows the file added, changed, left as they were, and withdrew."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0

    def __str__(self) -> str:
        """Say it in a line for the operator."""
        return ", ".join(f"{number} {word}" for word, number in asdict(self).items())

    @property
    def changed_anything(self) -> bool:
        """Whether the table is not what it was."""
        return bool(self.added or self.changed or self.withdrawn)


def load_rows(model: type[models.Model], rows: Iterable[Mapping[str, Any]], **on_change: object) -> Loaded:
    """Bring the table of `model` (`slug`, `withdrawn_at`) to exactly `rows`, inside the caller's transaction.

    `on_change` are values written only into rows that are new or changed.
    """
    objects: Any = model._default_manager  # noqa: SLF001 - Django's documented name for the manager of any model
    known: dict[str, Any] = {row.slug: row for row in objects.select_for_update()}
    added = changed = unchanged = 0
    for row in rows:
        values = {**row, "withdrawn_at": None}
        before = known.pop(values["slug"], None)
        if before is None:
            objects.create(**values, **on_change)
            added += 1
        elif any(getattr(before, name) != value for name, value in values.items()):
            objects.filter(pk=before.pk).update(**values, **on_change)
            changed += 1
        else:
            unchanged += 1
    withdrawn = objects.filter(slug__in=known, withdrawn_at=None).update(withdrawn_at=clock.now())
    return Loaded(added, changed, unchanged, withdrawn)
