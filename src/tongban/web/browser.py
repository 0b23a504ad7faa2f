"""Which browser is calling, known or not: what one-time codes and pictures are bound to."""

import secrets

from django.http import HttpRequest

_KEY = "browser"


def browser_id(request: HttpRequest) -> str:
    """Return the random id of the calling browser, kept in its session.

    The session is started when there is none. The id lives as long as the session's content: signing in gives the
    session a new key and keeps the id; signing out, or signing in to another account, ends it.
    """
    known: str | None = request.session.get(_KEY)
    if known is None:
        known = request.session[_KEY] = secrets.token_urlsafe(16)
    return known
