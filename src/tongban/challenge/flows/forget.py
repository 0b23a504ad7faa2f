"""Delete what is of no use any more."""

from datetime import timedelta

from django.conf import settings

from tongban.challenge.models import Hits, HumanCheck, OneTimeCode
from tongban.kernel import clock

_BATCH = 500


def forget() -> int:
    """Delete codes and human checks some time after they expired, and hits once no limit looks at them.

    Returns how many rows went; at most a batch of each kind, so that no lock lasts.
    """
    now = clock.now()
    expired = now - timedelta(hours=settings.CHALLENGE_KEEP_HOURS)
    stale = (
        OneTimeCode.objects.filter(expires_at__lt=expired),
        HumanCheck.objects.filter(expires_at__lt=expired),
        Hits.objects.filter(forget_at__lt=now),
    )
    return sum(rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:_BATCH])).delete()[0] for rows in stale)
