"""Who acts in a request."""

from typing import cast

from django.http import HttpRequest

from tongban.accounts.models import Account
from tongban.accounts.sessions import SessionStore
from tongban.audit.actors import Actor


def account_of(request: HttpRequest) -> Account:
    """Return the account that is signed in, behind a door that asks for one."""
    return cast("Account", request.user)


def session_of(request: HttpRequest) -> SessionStore:
    """Return the session as this room keeps it."""
    return cast("SessionStore", request.session)


def actor_of(request: HttpRequest) -> Actor:
    """Return whom the audit trail names."""
    if not request.user.is_authenticated:
        return Actor.anonymous()
    account = account_of(request)
    return Actor.account(account.realm, account.id)
