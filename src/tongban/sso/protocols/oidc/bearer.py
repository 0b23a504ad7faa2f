"""Bearer tokens in requests to our own doors (RFC 6750)."""

from tongban.kernel import clock
from tongban.sso import queries
from tongban.sso.models import ClientToken
from tongban.sso.protocols.oidc.errors import InsufficientScope, InvalidToken, ProtocolError
from tongban.sso.rules import ServiceScope, digest


def presented(authorization: str) -> str:
    """Return the token of an Authorization header; raises `InvalidToken`. A token in a query would stand in logs."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InvalidToken("a Bearer token in the Authorization header is needed")
    return token.strip()


def client_with(scope: ServiceScope, authorization: str) -> str:
    """Return the client_id of the client that calls in its own name; raises `InvalidToken`, `InsufficientScope`.

    A token that stands for a person is in another table: it is not known here.
    """
    token: ClientToken | None = queries.client_token(digest(presented(authorization)))
    if token is None or token.revoked_at is not None or clock.now() >= token.expires_at:
        raise InvalidToken("the access token is not known, expired or revoked")
    if scope not in token.scopes.split():
        raise InsufficientScope(f"the access token is not for {scope.value}")
    return token.client.client_id


def challenge(realm: str, error: ProtocolError, *, authorization: str, scope: str = "") -> str:
    """Return the WWW-Authenticate header of a refusal (RFC 6750 §3): no error code for who showed no token at all."""
    parts = [f'Bearer realm="{realm}"']
    if authorization:
        parts += [f'error="{error.code}"', f'error_description="{error.description}"']
    if scope:
        parts.append(f'scope="{scope}"')
    return ", ".join(parts)
