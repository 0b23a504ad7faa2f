"""What views of this room share: who is at the browser, and redirects that a browser follows with GET."""

from typing import cast

from django.http import HttpRequest, HttpResponseRedirect

from tongban.accounts.sessions import METHODS, SessionStore
from tongban.sso.flows.sign_on import Presence


class SeeOther(HttpResponseRedirect):
    """303: whatever the request was, the next one is a GET (RFC 9700 §4.12)."""

    status_code = 303


def presence(request: HttpRequest) -> Presence | None:
    """Return who is signed in, in which session, since when; a session's row is made at log-in."""
    row = cast("SessionStore", request.session).row if request.user.is_authenticated else None
    if row is None or row.account is None:
        return None
    methods = tuple(request.session.get(METHODS, ("pwd",)))
    return Presence(account=row.account, session_id=row.id, since=row.created_at, methods=methods)


def query_of(request: HttpRequest) -> str:
    """Return the query as it came."""
    return str(request.META.get("QUERY_STRING", ""))


def posted(request: HttpRequest) -> str:
    """Return a posted form as it came, empty when it is none that can be a protocol message."""
    return request.body.decode("ascii", errors="ignore") if len(request.body) <= 16 * 1024 else ""
