"""After the cooling time, send who appealed the link that sets a new password. The worker's job."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.notify.flows.send_sms import send_sms
from tongban.recovery import events, queries, tokens
from tongban.recovery.models import Handover
from tongban.vault.purposes import Purpose

_BATCH = 50


def send_links() -> int:
    """Send the links that are due, at most a batch; return how many handovers were moved on.

    The link, its message and the audit event commit together: a worker that is killed leaves it due or sent.
    """
    due = queries.live_handovers().filter(link_sent_at__isnull=True, due_at__lte=clock.now())
    return sum(_send(handover) for handover in due.select_related("case").order_by("due_at")[:_BATCH])


def _send(handover: Handover) -> int:
    now, token = clock.now(), tokens.fresh()
    expires_at = now + timedelta(hours=settings.RECOVERY_LINK_HOURS)
    with transaction.atomic():
        stands = queries.stands(handover)
        waiting = queries.live_handovers().filter(id=handover.id, link_sent_at__isnull=True)
        if not stands:
            # Reopened at the desk meanwhile: a new approval starts a new handover.
            return waiting.update(stopped_at=now)
        if not waiting.update(link_digest=tokens.digest(token), link_sent_at=now, link_expires_at=expires_at):
            return 0
        _write(handover, token, expires_at)
        record(
            events.LINK_SENT, actor=Actor.system(), subject=handover.account_id, facts={"case": handover.case.number}
        )
    return 1


def _write(handover: Handover, token: str, expires_at: datetime) -> None:
    phone = handover.case.contact_phone
    if phone is None or phone.erased:
        return
    send_sms(
        to=Mobile.parse(phone.reveal(Purpose.DELIVER_MESSAGE)),
        template="appeal_link",
        params={"hours": str(settings.RECOVERY_LINK_HOURS), "link": tokens.address("recovery:link", token)},
        language=handover.case.language,
        key=f"appeal_link:{handover.id}",
        worthless_at=expires_at,
    )
