"""Hand waiting SMS to the provider.

A message is claimed by one conditional UPDATE (pending → sending, with a lease), handed over outside of any
transaction, and its outcome written by another. Nobody gets the same message twice because an answer was lost: a
message whose outcome is unknown (timeout after the request left, worker killed while sending) ends as `unknown` and is
not tried again, unless the provider itself drops repetitions. The person asks for another code; the operator sees the
row and the audit event.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypedDict
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.audit.names import Name
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.notify import events
from tongban.notify.errors import NotSent, OutcomeUnknown, ParamsMismatch, Undeliverable, UnknownTemplate
from tongban.notify.models import Sms
from tongban.notify.provider import SmsProvider, provider
from tongban.notify.queries import open_params
from tongban.notify.rules import SmsState, pause_after
from tongban.notify.templates import template
from tongban.vault.errors import VaultError
from tongban.vault.purposes import Purpose

_BATCH = 20
_EVENTS: dict[SmsState, Name] = {SmsState.FAILED: events.SMS_FAILED, SmsState.UNKNOWN: events.SMS_UNCERTAIN}


def deliver_due() -> int:
    """Deliver the messages that are due, oldest first, at most a batch; return how many were handled.

    Without a provider nothing moves: messages wait, and those that become worthless say so once there is one.
    """
    vendor = provider()
    if vendor is None:
        return 0
    waiting = Sms.objects.filter(Q(state=SmsState.PENDING) | Q(state=SmsState.SENDING), due_at__lte=clock.now())
    due = list(waiting.order_by("due_at").values_list("id", flat=True)[:_BATCH])
    return sum(_handle(vendor, sms_id) for sms_id in due)


def _handle(vendor: SmsProvider, sms_id: UUID) -> bool:
    """Handle one message unless another worker does; return whether this one did."""
    claimed = _claim(sms_id, SmsState.PENDING)
    if claimed:
        _try(vendor, claimed)
        return True
    abandoned = _claim(sms_id, SmsState.SENDING)
    if abandoned:
        _after_lost_answer(vendor, abandoned, "worker lost")
    return abandoned is not None


def _claim(sms_id: UUID, state: SmsState) -> Sms | None:
    """Take a due message for as long as the lease; `None` when it is not due in `state` any more."""
    now = clock.now()
    due = Sms.objects.filter(id=sms_id, state=state, due_at__lte=now)
    lease = now + timedelta(seconds=settings.SMS_LEASE_SECONDS)
    if not due.update(state=SmsState.SENDING, tries=F("tries") + 1, due_at=lease):
        return None
    return Sms.objects.get(id=sms_id)


def _try(vendor: SmsProvider, sms: Sms) -> None:
    if sms.worthless_at and sms.worthless_at <= clock.now():
        _end(sms, SmsState.WORTHLESS)
        return
    try:
        receipt = vendor.send(**_letter(sms))
    except NotSent as error:
        _again(sms, error.reason)
    except Undeliverable as error:
        _end(sms, SmsState.FAILED, reason=error.reason)
    except OutcomeUnknown as error:
        _after_lost_answer(vendor, sms, error.reason)
    else:
        _end(sms, SmsState.SENT, reference=receipt.reference)


class _Letter(TypedDict):
    """What a provider is handed."""

    to: Mobile
    text: str
    template: str
    params: Mapping[str, str]
    idempotency_key: str


def _letter(sms: Sms) -> _Letter:
    """Return what the provider is handed; raises `NotSent` when it cannot be put together (a key is missing)."""
    try:
        params = open_params(sms.params, Purpose.DELIVER_MESSAGE) if sms.params else {}
        to = Mobile.parse(sms.recipient.reveal(Purpose.DELIVER_MESSAGE))
        found = template(sms.template)
        found.check("sms", params)
    except (VaultError, UnknownTemplate, ParamsMismatch) as error:
        raise NotSent(reason=error.code) from error
    with translation.override(sms.language or None):
        text = str(found.sms) % params
    return {"to": to, "text": text, "template": sms.template, "params": params, "idempotency_key": sms.key}


def _after_lost_answer(vendor: SmsProvider, sms: Sms, reason: str) -> None:
    if vendor.idempotent:
        _again(sms, reason)
    else:
        _end(sms, SmsState.UNKNOWN, reason=reason)


def _again(sms: Sms, reason: str) -> None:
    """Try later, or give up after the last try."""
    if sms.tries >= settings.SMS_TRIES:
        _end(sms, SmsState.FAILED, reason=reason)
        return
    due_at = clock.now() + pause_after(sms.tries)
    _mine(sms).update(state=SmsState.PENDING, due_at=due_at, reason=reason[:64])


def _end(sms: Sms, state: SmsState, *, reason: str = "", reference: str = "") -> None:
    """Write the outcome, erase what was needed only for sending, and tell the audit trail of trouble."""
    with transaction.atomic():
        ended = _mine(sms).update(
            state=state, ended_at=clock.now(), reason=reason[:64], reference=reference[:128], params=None
        )
        if ended and state in _EVENTS:
            facts: dict[str, str | int] = {"template": sms.template, "tries": sms.tries, "reason": reason[:64]}
            record(_EVENTS[state], actor=Actor.system(), subject=sms.id, facts=facts)


def _mine(sms: Sms) -> QuerySet[Sms]:
    """Return the row as long as the claim still holds: another worker may have taken it over since."""
    return Sms.objects.filter(id=sms.id, state=SmsState.SENDING, tries=sms.tries)
