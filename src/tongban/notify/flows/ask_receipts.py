"""Ask vendors what became of SMS: whether one whose answer was lost was sent, and whether those sent arrived.

Rows that wait for their vendor's word carry `ask_at`. Taking one moves it forward, so the column is the lease as well.
Asking twice does no harm, and being told the same twice changes nothing.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.notify.errors import NotTold
from tongban.notify.flows.record_trouble import record_trouble
from tongban.notify.models import Sms
from tongban.notify.provider import Fate, TellsFate, Told, providers
from tongban.notify.rules import GIVE_UP_ASKING, Receipt, SmsState, pause_after, pause_before_asking
from tongban.vault.errors import VaultError
from tongban.vault.purposes import Purpose

_BATCH = 20
_RECEIPTS = {
    Fate.ON_ITS_WAY: Receipt.ON_ITS_WAY,
    Fate.DELIVERED: Receipt.DELIVERED,
    Fate.UNDELIVERED: Receipt.UNDELIVERED,
}


def ask_receipts() -> int:
    """Ask about the messages that are due, longest waiting first, at most a batch; return how many were asked about.

    The first question without an answer ends the batch and the turn (0): a vendor that is away keeps no worker busy.
    """
    vendors = {vendor.name: vendor for vendor in providers() if isinstance(vendor, TellsFate)}
    due = Sms.objects.filter(ask_at__lte=clock.now()).order_by("ask_at").values_list("id", flat=True)
    asked = 0
    for sms_id in list(due[:_BATCH]):
        sms = _take(sms_id)
        if sms is None:
            continue
        asked += 1
        vendor = vendors.get(sms.provider)
        told = _ask(vendor, sms) if vendor else None
        _settle(sms, told, is_absence_proof=vendor is not None and vendor.lists_at_once)
        if vendor and told is None:
            return 0
    return asked


def _take(sms_id: UUID) -> Sms | None:
    """Take a message for as long as the lease; `None` when somebody else did."""
    now = clock.now()
    lease = now + timedelta(seconds=settings.SMS_LEASE_SECONDS)
    due = Sms.objects.filter(id=sms_id, ask_at__lte=now)
    return Sms.objects.get(id=sms_id) if due.update(ask_at=lease, asks=F("asks") + 1) else None


def _ask(vendor: TellsFate, sms: Sms) -> Told | None:
    """Return what the vendor says, `None` when it says nothing."""
    assert sms.handed_at is not None  # noqa: S101 - the database keeps it for whoever may be asked about
    try:
        to = Mobile.parse(sms.recipient.reveal(Purpose.DELIVER_MESSAGE))
        return vendor.fate(to=to, idempotency_key=sms.key, reference=sms.reference, handed_at=sms.handed_at)
    except (NotTold, VaultError):
        return None


def _settle(sms: Sms, told: Told | None, *, is_absence_proof: bool) -> None:
    if told is not None and told.fate is not Fate.NOT_LISTED:
        _listed(sms, told)
    elif sms.state != SmsState.ASKING:
        _later(sms, limit=timedelta(hours=settings.SMS_RECEIPT_HOURS))
    elif told is not None and is_absence_proof and _age(sms) >= timedelta(seconds=settings.SMS_NOT_SENT_SECONDS):
        _never_sent(sms)
    else:
        _later(sms, limit=GIVE_UP_ASKING)


def _listed(sms: Sms, told: Told) -> None:
    """The vendor has the message: it is sent, and perhaps more is known."""
    receipt = _RECEIPTS[told.fate]
    is_final = receipt is not Receipt.ON_ITS_WAY
    now = clock.now()
    with transaction.atomic():
        changed = _mine(sms).update(
            state=SmsState.SENT,
            ended_at=sms.ended_at or now,
            params=None,
            reference=sms.reference or told.reference[:128],
            reason=told.reason[:64],
            receipt=receipt,
            receipt_at=now if is_final else None,
            ask_at=None if is_final else now + pause_before_asking(sms.asks),
        )
        if changed:
            record_trouble(sms, receipt, told.reason)


def _never_sent(sms: Sms) -> None:
    """The vendor lists everything it took over, and not this: any vendor may be handed it now."""
    gives_up = sms.tries >= settings.SMS_TRIES
    now = clock.now()
    with transaction.atomic():
        if gives_up:
            changed = _mine(sms).update(state=SmsState.FAILED, ended_at=now, params=None, ask_at=None)
        else:
            due_at = now + pause_after(sms.tries)
            changed = _mine(sms).update(state=SmsState.PENDING, due_at=due_at, ask_at=None, provider="")
        if changed and gives_up:
            record_trouble(sms, SmsState.FAILED, sms.reason)


def _later(sms: Sms, *, limit: timedelta) -> None:
    """Ask again, or give up asking after `limit`."""
    if _age(sms) < limit:
        _mine(sms).update(ask_at=_next_ask(sms, limit))
        return
    with transaction.atomic():
        if sms.state != SmsState.ASKING:
            _mine(sms).update(ask_at=None, receipt=Receipt.UNTOLD)
        elif _mine(sms).update(state=SmsState.UNKNOWN, ended_at=clock.now(), params=None, ask_at=None):
            record_trouble(sms, SmsState.UNKNOWN, sms.reason)


def _next_ask(sms: Sms, limit: timedelta) -> datetime:
    """Return when to ask again: after a pause, but not past a moment from which the same answer means more."""
    assert sms.handed_at is not None  # noqa: S101 - as above
    now = clock.now()
    telling = [sms.handed_at + limit, sms.handed_at + timedelta(seconds=settings.SMS_NOT_SENT_SECONDS)]
    return min([now + pause_before_asking(sms.asks), *(moment for moment in telling if moment > now)])


def _age(sms: Sms) -> timedelta:
    assert sms.handed_at is not None  # noqa: S101 - as above
    return clock.now() - sms.handed_at


def _mine(sms: Sms) -> QuerySet[Sms]:
    """Return the row as long as nobody else has asked about it since."""
    return Sms.objects.filter(id=sms.id, state=sms.state, asks=sms.asks, ask_at__isnull=False)
