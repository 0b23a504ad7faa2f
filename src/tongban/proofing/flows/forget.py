"""Forget what was typed once nobody needs it any more (PIPL art. 19): the worker's hourly tidying."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.proofing import events
from tongban.proofing.models import Correction, Draft, ManualReview, Verification

_NOT_PROVED = Q(proof__isnull=True)
_PROVED_NO_LONGER = Q(proof__binding__released_at__isnull=False)


def forget() -> int:
    """Forget drafts and the entries of failed or replaced verifications older than PROOFING_KEEP_DAYS; return how many.

    The verification itself stays, with its result and times, and without personal data.
    """
    before = clock.now() - timedelta(days=settings.PROOFING_KEEP_DAYS)
    in_review = ManualReview.objects.filter(case__ended_at__isnull=True)
    old = Verification.objects.filter(decided_at__lt=before, entries__isnull=False)
    useless = old.exclude(pk__in=in_review.values("verification")).filter(
        _NOT_PROVED | (_PROVED_NO_LONGER & Q(proof__binding__released_at__lt=before))
    )
    with transaction.atomic():
        drafts, _ = Draft.objects.filter(kept_at__lt=before).delete()
        drafts += Correction.objects.filter(review__case__ended_at__isnull=False).delete()[0]
        verifications = Verification.objects.filter(pk__in=useless.values("pk")).update(entries=None)
        if drafts or verifications:
            facts = {"drafts": drafts, "verifications": verifications}
            record(events.FORGOTTEN, actor=Actor.system(), facts=facts)
    return 0
