"""Send a one-time code to a phone, for the first time or again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import events, limits, queries
from tongban.challenge.models import OneTimeCode
from tongban.challenge.rules import CodePurpose, EndReason, fresh_code
from tongban.design import display
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.notify.flows.send_sms import send_sms, withhold_sms


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """Until when the code may be used, and from when another may be asked for (aware, UTC)."""

    expires_at: datetime
    resend_at: datetime


def issue_code(
    *, actor: Actor, purpose: CodePurpose, phone: Mobile, browser: str, network: str, deliver: bool = True
) -> IssuedCode:
    """Make a fresh code for `purpose`, `phone` and `browser` together, and send it by SMS.

    A code that is still live is replaced, and the wrong tries it has seen keep counting. With `deliver=False` the same
    happens and costs the same, limits included, except that the message is withheld: what the caller answers, and how
    long that takes, need not tell whether a code was sent. Raises `TooManyRequests`.

    The message is in the language of the page: whoever asked sits before it, whether or not an account is known.

    Call it outside of any transaction: the limits must count whatever the caller does next.
    """
    pairs = _limits(phone=phone, network=network)
    target = queries.target(purpose=purpose, phone=phone, browser=browser)
    code = fresh_code(settings.ONE_TIME_CODE_DIGITS)
    with transaction.atomic(durable=True):
        limits.consume_all(pairs)
        row = _place(target, code)
        send = send_sms if deliver else withhold_sms
        send(
            to=phone,
            template=purpose.value,
            params={"code": code, "minutes": str(settings.ONE_TIME_CODE_SECONDS // 60)},
            language=display.spoken_language(),
            key=f"code:{row.id}:{row.times_sent}",
            worthless_at=row.expires_at,
            replaces=f"code:{row.id}:{row.times_sent - 1}",
        )
        facts = {"purpose": purpose.value, "time": row.times_sent, "delivered": deliver}
        record(events.CODE_ISSUED, actor=actor, subject=row.id, facts=facts)
        return IssuedCode(expires_at=row.expires_at, resend_at=limits.free_at(pairs))


def _limits(*, phone: Mobile, network: str) -> list[limits.Pair]:
    """Return what a message to `phone` from `network` uses up, whatever it is for."""
    per_phone = limits.limits("sms/phone", settings.SMS_RATES_PHONE)
    per_network = limits.limits("sms/network", settings.SMS_RATES_NETWORK)
    return [*((limit, phone.value) for limit in per_phone), *((limit, network) for limit in per_network)]


def _place(target: queries.Target, code: str) -> OneTimeCode:
    """Make `code` the one live code of `target` and return its row, locked until the transaction ends."""
    now = clock.now()
    live = queries.live_codes(target)
    live.filter(expires_at__lte=now).update(ended_at=now, end_reason=EndReason.EXPIRED)
    fresh = {
        "digest": target.digest(code),
        "expires_at": now + timedelta(seconds=settings.ONE_TIME_CODE_SECONDS),
    }
    row = OneTimeCode(purpose=target.purpose, phone=target.phone, browser=target.browser, created_at=now, **fresh)
    OneTimeCode.objects.bulk_create([row], ignore_conflicts=True)
    live.update(times_sent=F("times_sent") + 1, **fresh)
    return live.get()
