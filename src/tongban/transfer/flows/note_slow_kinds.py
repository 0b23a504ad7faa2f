"""Note which slow kinds of password hash an import brought. Part of the import."""

from collections.abc import Iterable

from tongban.transfer.legacy_hash import SLOW, LegacyKind
from tongban.transfer.models import SlowPasswordKind


def note_slow_kinds(kinds: Iterable[LegacyKind]) -> None:
    """Let answers to log-ins leave in ticks from now on, where one of `kinds` is slow; in the caller's transaction."""
    rows = [SlowPasswordKind(kind=kind.value) for kind in sorted(set(kinds) & SLOW)]
    SlowPasswordKind.objects.bulk_create(rows, ignore_conflicts=True)
