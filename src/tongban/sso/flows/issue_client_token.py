"""Give a client a token to act in its own name, without any person (RFC 6749 §4.4)."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.sso import events
from tongban.sso.errors import ScopeNotAllowed
from tongban.sso.models import ClientToken, RelyingParty
from tongban.sso.rules import digest, service_scope_text


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token in clear, the only time; it works for `expires_in` seconds and for `scopes`."""

    access_token: str
    expires_in: int
    scopes: str

    def __repr__(self) -> str:
        return f"IssuedToken({self.scopes!r})"


def issue_client_token(*, client: RelyingParty, scopes: Iterable[str] = ()) -> IssuedToken:
    """Issue a token for `scopes`, or for all that the client is registered for; raises `ScopeNotAllowed`.

    The caller has made sure that the client proved itself; a public client has no service scopes (the database keeps
    it so), so nothing is ever issued to one.
    """
    allowed = client.allowed_service_scopes
    wanted = frozenset(scopes) or allowed
    if not wanted or not wanted <= allowed:
        beyond = " ".join(sorted(wanted - allowed))
        _refused(client)
        raise ScopeNotAllowed(beyond=beyond)
    token, now = secrets.token_urlsafe(32), clock.now()
    seconds: int = settings.SSO_CLIENT_TOKEN_SECONDS
    with transaction.atomic():
        row = ClientToken(
            digest=digest(token),
            client=client,
            scopes=service_scope_text(wanted),
            issued_at=now,
            expires_at=now + timedelta(seconds=seconds),
        )
        row.save(force_insert=True)
        facts = {"scopes": row.scopes}
        record(events.CLIENT_TOKEN_ISSUED, actor=Actor.client(client.client_id), subject=row.id, facts=facts)
    return IssuedToken(access_token=token, expires_in=seconds, scopes=row.scopes)


def _refused(client: RelyingParty) -> None:
    with transaction.atomic():
        record(events.CLIENT_TOKEN_REFUSED, actor=Actor.client(client.client_id), subject=client.id)
