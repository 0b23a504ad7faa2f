"""Ask somebody who is signed in for the password again, before something that a thief of the session must not do."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from tongban.accounts import credentials, events
from tongban.accounts.errors import PasswordWrong
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import limits


def confirm_password(*, actor: Actor, account: Account, password: str) -> None:
    """Accept the account's own password; raises `PasswordWrong`, or `TooManyRequests` after too many wrong ones.

    Call it outside of any transaction: the tries must count whatever follows.
    """
    period = timedelta(seconds=settings.LOG_IN_WINDOW_SECONDS)
    limit = limits.Limit("password/confirm", times=settings.LOG_IN_FAILURES, period=period)
    limits.consume(limit, str(account.id))
    if not credentials.matches(account, password):
        with transaction.atomic():
            record(events.PASSWORD_REFUSED, actor=actor, subject=account.id)
        raise PasswordWrong
    limits.clear(limit, str(account.id))
