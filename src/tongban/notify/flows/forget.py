"""Delete messages that nobody needs any more."""

from datetime import timedelta

from django.conf import settings

from tongban.kernel import clock
from tongban.notify.models import DemoSms, InSiteMessage, Sms

_BATCH = 500


def forget() -> int:
    """Delete SMS some time after their end and messages some time after they were written; at most a batch of each.

    Returns how many rows went.
    """
    now = clock.now()
    sms_before = now - timedelta(days=settings.SMS_KEEP_DAYS)
    messages_before = now - timedelta(days=settings.MESSAGE_KEEP_DAYS)
    old = (
        Sms.objects.filter(ended_at__lt=sms_before),
        DemoSms.objects.filter(at__lt=sms_before),
        InSiteMessage.objects.filter(created_at__lt=messages_before),
    )
    return sum(rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:_BATCH])).delete()[0] for rows in old)
