"""What ends by itself: terms that are over, offers and requests nobody answered."""

from collections.abc import Iterable
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from tongban.audit.actors import Actor
from tongban.kernel import clock
from tongban.mandates.flows import tell
from tongban.mandates.flows.close import close
from tongban.mandates.models import BEGUN, OFFER, REQUEST, Mandate
from tongban.mandates.rules import EndReason

_BATCH = 200


def expire() -> int:
    """End one batch of what is over and tell both sides; returns how many. A job: rights end on time without it."""
    now = clock.now()
    over = _bundles(Mandate.objects.filter(BEGUN, until__lte=now))
    unanswered = Q(OFFER, Q(answer_by__lte=now) | Q(until__lte=now)) | Q(REQUEST, answer_by__lte=now)
    lapsed = _bundles(Mandate.objects.filter(unanswered))
    for rows in over:
        _end(rows, EndReason.EXPIRED)
    for rows in lapsed:
        _end(rows, EndReason.LAPSED)
    return sum(map(len, [*over, *lapsed]))


def _bundles(found: Iterable[Mandate]) -> list[list[Mandate]]:
    rows = Mandate.objects.filter(id__in=[row.id for row in found][:_BATCH])
    ordered = rows.select_related("unit", "holder").order_by("bundle", "service")
    return [list(group) for _bundle, group in groupby(ordered, key=lambda row: row.bundle)]


def _end(rows: list[Mandate], reason: EndReason) -> None:
    with transaction.atomic():
        ended = close(actor=Actor.system(), rows=rows, reason=reason)
        if not ended:
            return
        if reason is EndReason.EXPIRED:
            tell.holder(ended, "mandate_expired")
            tell.unit(ended, "mandate_expired_unit")
        else:
            tell.holder(ended, "mandate_lapsed_request")
            tell.unit(ended, "mandate_lapsed_offer")
