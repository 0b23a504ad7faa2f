"""Redeem a code of an authenticator app: every time step once, whoever asks at the same moment."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from tongban.accounts import events, queries
from tongban.accounts.errors import SecondFactorDisabled, SecondFactorRefused
from tongban.accounts.models import Account, Totp, TotpUse
from tongban.accounts.rules import totp as rules
from tongban.accounts.tally import in_a_row
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import limits
from tongban.challenge.errors import TooManyRequests
from tongban.kernel import clock
from tongban.vault.purposes import Purpose

_KEPT = timedelta(days=1)


def redeem_totp(
    *, actor: Actor, account: Account, totp: Totp | None, code: str, then: Callable[[], None], device: str = ""
) -> None:
    """Spend the time step of `code` and do `then`, both or neither; `device` is the token of the browser, if any.

    Raises `TooManyRequests`; `SecondFactorDisabled` after too many failures of this app in a row, from devices that are
    not known or from this known one; `SecondFactorRefused` for every other reason alike: a wrong code, one that was
    used, no app. Call it outside of any transaction: a try counts whatever follows.
    """
    tries = [(limit, str(account.id)) for limit in limits.limits("staff/code", settings.SECOND_FACTOR_RATES)]
    # Another app is another key: nothing has to be forgotten when one takes this one's place.
    known = queries.token_digest(device) if device and queries.knows_device(account, device) else ""
    tries.append((in_a_row("staff/code"), f"{totp.id if totp else account.id}|{known}"))
    try:
        limits.consume_all(tries)
    except TooManyRequests as error:
        raise (SecondFactorDisabled() if error.params["limit"] == tries[-1][0].name else error) from error
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
