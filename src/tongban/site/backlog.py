"""Work that waits for the worker: how much, and since when. For operators; never whose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from tongban.audit import queries as audit
from tongban.audit.models import Event
from tongban.kernel import clock
from tongban.notify.models import Sms
from tongban.notify.rules import SmsState
from tongban.proofing.models import Verification
from tongban.vault.models import EvidenceFile
from tongban.vault.rules import EvidenceState


@dataclass(frozen=True, slots=True)
class Backlog:
    """`count` things of a kind wait, the oldest for `oldest` (None: nothing waits)."""

    name: str
    count: int
    oldest: timedelta | None


def backlogs() -> Iterator[Backlog]:
    """Yield what waits, kind by kind."""
    events = audit.waiting()
    # Ids are given in the order of time; PostgreSQL has no least UUID.
    first = events.values_list("event_id", flat=True)[:1]
    oldest = Event.objects.filter(pk__in=list(first)).values_list("at", flat=True).first()
    yield _backlog("audit_events", events.count(), oldest)
    sms = Sms.objects.filter(state__in=[SmsState.PENDING, SmsState.SENDING])
    yield _backlog("sms", **sms.aggregate(count=Count("pk"), since=Min("created_at")))
    checks = Verification.objects.filter(decided_at__isnull=True)
    yield _backlog("verifications", **checks.aggregate(count=Count("pk"), since=Min("submitted_at")))
    pictures = EvidenceFile.objects.filter(state=EvidenceState.RECEIVED)
    yield _backlog("pictures", **pictures.aggregate(count=Count("pk"), since=Min("received_at")))


def _backlog(name: str, count: int, since: datetime | None) -> Backlog:
    return Backlog(name, count, clock.now() - since if since else None)
