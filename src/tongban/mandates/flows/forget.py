"""Forget to whom offers were addressed that nobody accepted."""

from datetime import timedelta

from django.conf import settings

from tongban.kernel import clock
from tongban.mandates.models import Mandate

_BATCH = 500


def forget() -> int:
    """Erase the names and addresses of one batch of offers that ended long ago; returns how many. A job."""
    long_ago = clock.now() - timedelta(days=settings.MANDATE_KEEP_DAYS)
    old = Mandate.objects.filter(ended_at__lt=long_ago, name__isnull=False).values_list("id", flat=True)[:_BATCH]
    return Mandate.objects.filter(id__in=list(old)).update(name=None, contact=None, address_index=None)
