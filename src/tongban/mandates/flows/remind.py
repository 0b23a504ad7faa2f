"""Remind both sides before a mandate runs out."""

from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction

from tongban.kernel import clock
from tongban.mandates import queries
from tongban.mandates.flows import tell
from tongban.mandates.models import Mandate

_BATCH = 200


def remind() -> int:
    """Remind of one batch of mandates that end soon, each once; returns how many. A job."""
    soon = clock.now() + timedelta(days=settings.MANDATE_REMIND_DAYS)
    waiting = queries.standing().filter(reminded_at__isnull=True, until__lte=soon)
    ids = list(waiting.order_by("until").values_list("id", flat=True)[:_BATCH])
    rows = Mandate.objects.filter(id__in=ids).select_related("unit", "holder").order_by("bundle", "service")
    for _bundle, group in groupby(rows, key=lambda row: row.bundle):
        _remind(list(group))
    return len(ids)


def _remind(rows: list[Mandate]) -> None:
    with transaction.atomic():
        fresh = Mandate.objects.filter(id__in=[row.id for row in rows], reminded_at__isnull=True)
        if fresh.update(reminded_at=clock.now()):
            tell.holder(rows, "mandate_ending")
            tell.unit(rows, "mandate_ending_unit")
