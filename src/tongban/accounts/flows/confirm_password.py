"""Ask somebody who is signed in for the password again, before something that a thief of the session must not do."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from tongban.accounts import credentials, events
from tongban.accounts.errors import PasswordDisabled, PasswordWrong
from tongban.accounts.models import Account
from tongban.accounts.tally import in_a_row
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import limits
from tongban.challenge.errors import TooManyRequests


def confirm_password(*, actor: Actor, account: Account, password: str) -> None:
    """Accept the account's own password; raises `PasswordWrong`, or `TooManyRequests` after too many wrong ones.

    After `AUTHENTICATOR_FAILURES` in a row no session confirms anything until the password is replaced by a reset:
    raises `PasswordDisabled`. Call it outside of any transaction: the tries must count whatever follows.
    """
    period = timedelta(seconds=settings.LOG_IN_WINDOW_SECONDS)
    often = limits.Limit("password/confirm", times=settings.LOG_IN_FAILURES, period=period)
    tries = [(limit, str(account.id)) for limit in (often, in_a_row("password/confirm"))]
    try:
        limits.consume_all(tries)
    except TooManyRequests as error:
        raise (error if error.params["limit"] == often.name else PasswordDisabled()) from error
    if not credentials.judge(account, password).is_right:
        with transaction.atomic():
            record(events.PASSWORD_REFUSED, actor=actor, subject=account.id)
        raise PasswordWrong
    for limit, key in tries:
        limits.clear(limit, key)
