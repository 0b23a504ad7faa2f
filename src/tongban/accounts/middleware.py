"""Says who is signed in, from the row the session was read with: one query for both."""

from collections.abc import Callable
from typing import cast

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from tongban.accounts.models import Account
from tongban.accounts.sessions import SessionStore

Answer = Callable[[HttpRequest], HttpResponseBase]


def signed_in_account(answer: Answer) -> Answer:
    """Set `request.user`, as Django's `AuthenticationMiddleware` does."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        session = cast("SessionStore", request.session)
        request.user = SimpleLazyObject(lambda: _who(session))  # type: ignore[assignment]  # as good as one
        return answer(request)

    return respond


def _who(session: SessionStore) -> Account | AnonymousUser:
    """Return the account of the session, unless its password has changed since: then the session is over."""
    account = session.row.account if session.row else None
    if account is None:
        return AnonymousUser()
    if constant_time_compare(session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()):
        return account
    session.flush()
    return AnonymousUser()
