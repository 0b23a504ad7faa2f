"""Tell the audit trail of an SMS that did not, or perhaps did not, reach its person."""

from collections.abc import Mapping

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.audit.names import Name
from tongban.notify import events
from tongban.notify.models import Sms
from tongban.notify.rules import Receipt, SmsState

_EVENTS: Mapping[SmsState | Receipt, Name] = {
    SmsState.FAILED: events.SMS_FAILED,
    SmsState.UNKNOWN: events.SMS_UNCERTAIN,
    Receipt.UNDELIVERED: events.SMS_UNDELIVERED,
}


def record_trouble(sms: Sms, outcome: SmsState | Receipt, reason: str) -> None:
    """Record `outcome` of `sms` where it is trouble, in the caller's transaction; `reason` is a short code."""
    if outcome in _EVENTS:
        facts: dict[str, str | int] = {"template": sms.template, "tries": sms.tries, "reason": reason[:64]}
        if sms.provider:
            facts["provider"] = sms.provider
        record(_EVENTS[outcome], actor=Actor.system(), subject=sms.id, facts=facts)
