"""Redeem a code of an authenticator app: every time step once, whoever asks at the same moment."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from tongban.accounts import events
from tongban.accounts.errors import SecondFactorRefused
from tongban.accounts.models import Account, Totp, TotpUse
from tongban.accounts.rules import totp as rules
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import limits
from tongban.kernel import clock
from tongban.vault.purposes import Purpose

_KEPT = timedelta(days=1)


def redeem_totp(*, actor: Actor, account: Account, totp: Totp | None, code: str, then: Callable[[], None]) -> None:
    """Spend the time step of `code` and do `then`, both or neither.

    Raises `TooManyRequests`, and `SecondFactorRefused` for every other reason alike: a wrong code, one that was used,
    no app. Call it outside of any transaction: a try counts whatever follows.
    """
    tries = [(limit, str(account.id)) for limit in limits.limits("staff/code", settings.SECOND_FACTOR_RATES)]
    limits.consume_all(tries)
    # Apps keep real time, also where a demonstration has moved the platform's.
    moments = (clock.now(), clock.real())
    step = rules.matching_step(totp.secret.reveal(Purpose.MATCH), code, moments) if totp else None
    if totp is None or step is None or not _spend(totp, step, then):
        with transaction.atomic():
            record(events.SECOND_FACTOR_REFUSED, actor=actor, subject=account.id)
        raise SecondFactorRefused
    for limit, key in tries:
        limits.clear(limit, key)


def _spend(totp: Totp, step: int, then: Callable[[], None]) -> bool:
    """Return whether this call is the first to use the step; the insert itself finds that out."""
    with transaction.atomic():
        # An app that was replaced meanwhile opens nothing; the row is held so that it cannot be just now.
        if not Totp.objects.select_for_update().filter(id=totp.id, ended_at__isnull=True).exists():
            return False
        try:
            with transaction.atomic():
                TotpUse.objects.create(totp=totp, step=step)
        except IntegrityError:
            return False
        then()
    return True


def forget() -> int:
    """Delete uses whose time steps are long over, at most a batch, and return how many went."""
    old = TotpUse.objects.filter(used_at__lte=clock.now() - _KEPT).values_list("id", flat=True)[:500]
    batch = list(old)
    return TotpUse.objects.filter(id__in=batch).delete()[0] if batch else 0
