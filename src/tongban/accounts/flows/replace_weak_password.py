"""Somebody whose old password breaks our rules, or is too old, sets a better one before anything else.

That signs them in.
"""

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from tongban.accounts import events
from tongban.accounts.errors import PasswordRefused
from tongban.accounts.flows.end_sessions import EndReason
from tongban.accounts.flows.replace_password import replace_password
from tongban.accounts.models import Account
from tongban.accounts.password_policy import check_password_of
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.notify.flows.post_message import post_message


def replace_weak_password(*, actor: Actor, account: Account, new: str) -> None:
    """Replace the password that was accepted a moment ago by `new`.

    Raises `PasswordRefused`, or `PasswordWrong` when it was changed meanwhile.
    """
    check_password_of(account, new)
    if check_password(new, account.password):
        raise PasswordRefused("accounts.password_unchanged")
    encoded = make_password(new)
    with transaction.atomic():
        replace_password(
            actor=actor,
            account=account,
            encoded=encoded,
            reason=EndReason.PASSWORD_CHANGED,
            confirmed=account.password,
        )
        post_message(account_id=account.id, template="password_changed", params={})
        signed_in = events.STAFF_LOGGED_IN if account.realm == Realm.STAFF else events.LOGGED_IN
        record(signed_in, actor=Actor.account(account.realm, account.id), subject=account.id)
