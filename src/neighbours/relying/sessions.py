"""Browser sessions kept on our side: the cookie is a random name and nothing else."""

import secrets
import time
from typing import Any

from flask import Flask
from flask.sessions import SessionInterface, SessionMixin
from flask.wrappers import Request, Response
from werkzeug.datastructures import CallbackDict

from neighbours.relying.storage import Storage

_SECONDS_BETWEEN_SIGHTINGS = 60


class StoredSession(CallbackDict[str, Any], SessionMixin):
    """What is known about one browser.

    `token` is the cookie's value, `previous` one that must die; a `stale` one was last seen a while ago.
    """

    def __init__(self, initial: dict[str, Any] | None, *, token: str, stale: bool = False) -> None:
        def touched(self: "StoredSession") -> None:
            self.modified = True

        super().__init__(initial, touched)
        self.token = token
        self.previous: str | None = None
        self.stale = stale
        self.modified = False
        self.accessed = True

    def rename(self) -> None:
        """Give the browser a new cookie, so that one planted before sign-in is worth nothing after it."""
        self.previous = self.previous or self.token
        self.token = secrets.token_urlsafe(32)
        self.modified = True


class StoredSessions(SessionInterface):
    """Flask's way to load and keep sessions, on `Storage`."""

    def __init__(self, storage: Storage, *, secure: bool) -> None:
        self._storage = storage
        self._secure = secure

    def open_session(self, app: Flask, request: Request) -> StoredSession:
        """Return the session the request's cookie names, else an empty one under a new name."""
        token = request.cookies.get(self.get_cookie_name(app))
        now = time.time()
        kept = self._storage.load_session(token, now=now) if token else None
        if token is None or kept is None:
            return StoredSession(None, token=secrets.token_urlsafe(32))
        data, seen = kept
        return StoredSession(data, token=token, stale=now - seen > _SECONDS_BETWEEN_SIGHTINGS)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed and tell the browser its cookie; a visit that changed nothing keeps the session alive."""
        if not isinstance(session, StoredSession):
            message = "sessions of this app are opened here"
            raise TypeError(message)
        if session.previous:
            self._storage.end_session(session.previous)
        if session and (session.modified or session.stale):
            self._storage.save_session(session.token, dict(session), now=time.time())
        if session.modified:
            self._tell_browser(app, session, response)

    def _tell_browser(self, app: Flask, session: StoredSession, response: Response) -> None:
        name = self.get_cookie_name(app)
        if session:
            response.set_cookie(name, session.token, httponly=True, samesite="Lax", secure=self._secure)
        else:
            self._storage.end_session(session.token)
            response.delete_cookie(name)
