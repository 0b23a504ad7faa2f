"""Forget appeals that were not handed in, and end links that nobody used. The worker's job."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.recovery import events, queries
from tongban.recovery.models import Appeal

_BATCH = 200


def forget_drafts() -> int:
    """Delete appeals that were not handed in for a while, at most a batch, and return how many."""
    before = clock.now() - timedelta(hours=settings.RECOVERY_DRAFT_HOURS)
    old = Appeal.objects.filter(submitted_at__isnull=True, kept_at__lte=before).order_by("kept_at")
    with transaction.atomic():
        batch = list(old.values_list("id", flat=True)[:_BATCH])
        gone = Appeal.objects.filter(id__in=batch, submitted_at__isnull=True).delete()[0]
        if gone:
            record(events.APPEAL_FORGOTTEN, actor=Actor.system(), facts={"appeals": gone})
    return gone


def expire_links() -> int:
    """End handovers whose link nobody used in time, at most a batch, and return how many."""
    now = clock.now()
    over = queries.live_handovers().filter(link_expires_at__lte=now).order_by("link_expires_at")
    ended = 0
    for handover in over[:_BATCH]:
        with transaction.atomic():
            if queries.live_handovers().filter(id=handover.id).update(expired_at=now):
                facts = {"case": str(handover.case_id)}
                record(events.HANDOVER_EXPIRED, actor=Actor.system(), subject=handover.account_id, facts=facts)
                ended += 1
    return ended
