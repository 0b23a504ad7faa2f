"""Judge a one-time code that somebody typed, and leave it live."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import events, queries
from tongban.challenge.errors import CodeRejected
from tongban.challenge.models import OneTimeCode
from tongban.challenge.rules import CodePurpose, EndReason
from tongban.kernel import clock, normalise
from tongban.kernel.mobile import Mobile


@dataclass(frozen=True, slots=True)
class CheckedCode:
    """A code that was right when `check_code` saw it. `spend_code` takes it."""

    id: UUID
    purpose: CodePurpose


def check_code(*, actor: Actor, purpose: CodePurpose, phone: Mobile, browser: str, code: str) -> CheckedCode:
    """Judge `code` against the live code for `purpose`, `phone` and `browser`; raises `CodeRejected`.

    A wrong try counts, whatever the caller does next: call it outside of any transaction (inside one it raises
    `RuntimeError`). A right code may be checked as often as a form is reasonably sent again; it is spent by
    `spend_code` in the transaction of the act it permits, so that an act that fails does not cost another SMS.
    """
    target = queries.target(purpose=purpose, phone=phone, browser=browser)
    with transaction.atomic(durable=True):
        row = _count_try(target)
        verdict = _judge(row, target, normalise.identifier(code)) if row else _why_none_is_live(target)
        if verdict:
            facts = {"purpose": purpose.value, "reason": verdict}
            record(events.CODE_REFUSED, actor=actor, subject=row.id if row else None, facts=facts)
    if row is None or verdict:
        raise CodeRejected(code=f"challenge.code_{verdict}")
    return CheckedCode(id=row.id, purpose=purpose)


def _count_try(target: queries.Target) -> OneTimeCode | None:
    """Count a wrong try in advance and return the live row, now locked: of parallel tries each sees the one before."""
    live = queries.live_codes(target)
    return live.get() if live.update(wrong_tries=F("wrong_tries") + 1) else None


def _judge(row: OneTimeCode, target: queries.Target, code: str) -> str:
    """Return why the try is refused, or nothing when it is right."""
    if row.expires_at <= clock.now():
        _end(row, EndReason.EXPIRED)
        return "expired"
    if target.has(row.digest, code):
        return _accept(row)
    if row.wrong_tries >= settings.ONE_TIME_CODE_TRIES:
        _end(row, EndReason.TRIES)
        return "spent"
    return "wrong"


def _accept(row: OneTimeCode) -> str:
    OneTimeCode.objects.filter(id=row.id).update(wrong_tries=F("wrong_tries") - 1, right_checks=F("right_checks") + 1)
    return "spent" if row.right_checks >= settings.ONE_TIME_CODE_CHECKS else ""


def _end(row: OneTimeCode, reason: EndReason) -> None:
    OneTimeCode.objects.filter(id=row.id).update(ended_at=clock.now(), end_reason=reason)


def _why_none_is_live(target: queries.Target) -> str:
    latest = queries.codes(target).order_by("-created_at").first()
    if latest is None:
        return "wrong"
    return "expired" if latest.end_reason == EndReason.EXPIRED else "spent"
