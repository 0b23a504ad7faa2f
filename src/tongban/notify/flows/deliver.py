"""Hand waiting SMS to the vendors.

A message is claimed by one conditional UPDATE (pending → sending, with a lease), handed over outside of any
transaction, and its outcome written by another. The row says which vendor may have the message before that vendor is
asked to take it, so that at most one ever may: the next one is tried only when the first surely does not have it.

Nobody gets the same message twice because an answer was lost (timeout after the request left, worker killed while
sending). Such a message waits until its vendor has said what became of it (`ask_receipts`), is asked for again only
from a vendor that itself drops repetitions, or, where the vendor can say nothing, ends as `unknown`. The person asks
for another code; the operator sees the row and the audit event.
"""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation

from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.notify import queries, vendor_templates
from tongban.notify.errors import NotSent, OutcomeUnknown, ParamsMismatch, Undeliverable, UnknownTemplate
from tongban.notify.flows.record_trouble import record_trouble
from tongban.notify.models import Sms
from tongban.notify.provider import SmsProvider, TellsFate, providers
from tongban.notify.queries import open_params
from tongban.notify.rules import SmsState, pause_after, pause_before_asking
from tongban.notify.templates import template
from tongban.vault.errors import VaultError
from tongban.vault.purposes import Purpose

_BATCH = 20


def deliver_due() -> int:
    """Deliver the messages that are due, oldest first, at most a batch; return how many were handled.

    Without a provider nothing moves: messages wait, and those that become worthless say so once there is one.
    """
    vendors = providers()
    if not vendors:
        return 0
    waiting = Sms.objects.filter(Q(state=SmsState.PENDING) | Q(state=SmsState.SENDING), due_at__lte=clock.now())
    due = list(waiting.order_by("due_at").values_list("id", flat=True)[:_BATCH])
    if due:
        vendors = _best_first(vendors)
    handled = 0
    begun = time.monotonic()
    for sms_id in due:
        handled += _handle(vendors, sms_id)
        # While a vendor is slow the worker's other jobs get their turn between two messages.
        if time.monotonic() - begun > settings.SMS_TIMEOUT:
            break
    return handled


def _best_first(vendors: list[SmsProvider]) -> list[SmsProvider]:
    """Put vendors behind the others whose messages of late did not arrive, though they say they took them over."""
    if len(vendors) == 1:
        return vendors
    return sorted(vendors, key=lambda vendor: queries.delivers_nothing(vendor.name))


def _handle(vendors: list[SmsProvider], sms_id: UUID) -> bool:
    """Handle one message unless another worker does; return whether this one did."""
    claimed = _claim(sms_id, SmsState.PENDING)
    if claimed:
        _try(vendors, claimed)
        return True
    abandoned = _claim(sms_id, SmsState.SENDING)
    if abandoned:
        _after_lost_worker(vendors, abandoned)
    return abandoned is not None


def _claim(sms_id: UUID, state: SmsState) -> Sms | None:
    """Take a due message for as long as the lease; `None` when it is not due in `state` any more."""
    due = Sms.objects.filter(id=sms_id, state=state, due_at__lte=clock.now())
    if not due.update(state=SmsState.SENDING, tries=F("tries") + 1, due_at=_end_of_lease()):
        return None
    return Sms.objects.get(id=sms_id)


def _end_of_lease() -> datetime:
    return clock.now() + timedelta(seconds=settings.SMS_LEASE_SECONDS)


def _try(vendors: list[SmsProvider], sms: Sms) -> None:
    if sms.worthless_at and sms.worthless_at <= clock.now():
        _end(sms, SmsState.WORTHLESS)
        return
    # A message that one vendor may have already is that vendor's alone.
    allowed = [vendor for vendor in vendors if sms.provider in {"", vendor.name}]
    reason = "no vendor"
    for vendor in allowed:
        reason = _hand_over(vendor, sms)
        if not reason:
            return
    _again(sms, reason)


def _hand_over(vendor: SmsProvider, sms: Sms) -> str:
    """Hand the message to `vendor` and write the outcome; return why it was surely not sent, or "" when all is done."""
    try:
        letter = _letter(sms, vendor_templates.language_of(vendor, sms.template, sms.language))
    except NotSent as error:
        return error.reason
    now = clock.now()
    if not _mine(sms).update(provider=vendor.name, handed_at=now, due_at=_end_of_lease()):
        return ""
    sms.provider, sms.handed_at = vendor.name, now
    try:
        receipt = vendor.send(**letter)
    except NotSent as error:
        return error.reason or "not sent"
    except Undeliverable as error:
        _end(sms, SmsState.FAILED, reason=error.reason)
    except OutcomeUnknown as error:
        _after_lost_answer(vendor, sms, error.reason)
    else:
        ask_at = clock.now() + pause_before_asking(0) if isinstance(vendor, TellsFate) else None
        _end(sms, SmsState.SENT, reference=receipt.reference, ask_at=ask_at)
    return ""


class _Letter(TypedDict):
    """What a provider is handed."""

    to: Mobile
    text: str
    template: str
    language: str
    params: Mapping[str, str]
    idempotency_key: str


def _letter(sms: Sms, language: str) -> _Letter:
    """Return what the provider is handed, all in `language`.

    Raises `NotSent` when it cannot be put together (a key is missing).
    """
    try:
        with translation.override(language):
            params = open_params(sms.params, Purpose.DELIVER_MESSAGE) if sms.params else {}
        to = Mobile.parse(sms.recipient.reveal(Purpose.DELIVER_MESSAGE))
        found = template(sms.template)
        found.check("sms", params)
    except (VaultError, UnknownTemplate, ParamsMismatch) as error:
        raise NotSent(reason=error.code) from error
    with translation.override(language):
        text = str(found.sms) % params
    return {
        "to": to,
        "text": text,
        "template": sms.template,
        "language": language,
        "params": params,
        "idempotency_key": sms.key,
    }


def _after_lost_worker(vendors: list[SmsProvider], sms: Sms) -> None:
    vendor = next((vendor for vendor in vendors if vendor.name == sms.provider), None)
    if vendor is not None:
        _after_lost_answer(vendor, sms, "worker lost")
    elif sms.provider:
        _end(sms, SmsState.UNKNOWN, reason="worker lost")
    else:
        _again(sms, "worker lost")


def _after_lost_answer(vendor: SmsProvider, sms: Sms, reason: str) -> None:
    """Ask the vendor what became of it; else let it drop the repetition itself; else nobody can know."""
    if isinstance(vendor, TellsFate):
        ask_at = clock.now() + pause_before_asking(0)
        _mine(sms).update(state=SmsState.ASKING, ask_at=ask_at, asks=0, reason=reason[:64])
    elif vendor.idempotent:
        _again(sms, reason, vendor=vendor.name)
    else:
        _end(sms, SmsState.UNKNOWN, reason=reason)


def _again(sms: Sms, reason: str, *, vendor: str = "") -> None:
    """Try later, or give up after the last try; `vendor` may have the message already, and drops repetitions."""
    if sms.tries >= settings.SMS_TRIES:
        _end(sms, SmsState.UNKNOWN if vendor else SmsState.FAILED, reason=reason)
        return
    due_at = clock.now() + pause_after(sms.tries)
    _mine(sms).update(state=SmsState.PENDING, due_at=due_at, reason=reason[:64], provider=vendor)


def _end(sms: Sms, state: SmsState, *, reason: str = "", reference: str = "", ask_at: datetime | None = None) -> None:
    """Write the outcome, erase what was needed only for sending, and tell the audit trail of trouble."""
    with transaction.atomic():
        ended = _mine(sms).update(
            state=state,
            ended_at=clock.now(),
            reason=reason[:64],
            reference=reference[:128],
            ask_at=ask_at,
            asks=0,
            params=None,
        )
        if ended:
            record_trouble(sms, state, reason)


def _mine(sms: Sms) -> QuerySet[Sms]:
    """Return the row as long as the claim still holds: another worker may have taken it over since."""
    return Sms.objects.filter(id=sms.id, state=SmsState.SENDING, tries=sms.tries)
