"""Spend a one-time code that was checked, together with the act it permits."""

from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import events
from tongban.challenge.errors import CodeRejected
from tongban.challenge.flows.check_code import CheckedCode
from tongban.challenge.models import OneTimeCode
from tongban.challenge.rules import EndReason
from tongban.kernel import clock


def spend_code(*, actor: Actor, checked: CheckedCode) -> None:
    """End the life of `checked`; raises `CodeRejected` when it was spent or has expired since.

    One conditional UPDATE: of any number of parallel calls one succeeds. In the caller's transaction, so that the act
    and the spending commit together.
    """
    now = clock.now()
    with transaction.atomic():
        live = OneTimeCode.objects.filter(id=checked.id, ended_at__isnull=True, expires_at__gt=now)
        if not live.update(ended_at=now, end_reason=EndReason.REDEEMED):
            raise CodeRejected(code="challenge.code_spent")
        facts = {"purpose": checked.purpose.value}
        record(events.CODE_REDEEMED, actor=actor, subject=checked.id, facts=facts)
