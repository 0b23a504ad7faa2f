"""The UserInfo endpoint (OpenID Connect Core 1.0 §5.3, RFC 6750)."""

from tongban.kernel import clock
from tongban.mandates.queries import stands
from tongban.sso import queries
from tongban.sso.models import AccessToken
from tongban.sso.protocols.oidc import bearer
from tongban.sso.protocols.oidc.errors import InvalidToken
from tongban.sso.protocols.oidc.wire import Answer, Call
from tongban.sso.rules import digest


def answer(call: Call) -> Answer:
    """Return the claims that the access token's scopes release, as they are now."""
    try:
        token = _token(call.authorization)
    except InvalidToken as error:
        challenge = bearer.challenge("userinfo", error, authorization=call.authorization)
        document = {"error": error.code, "error_description": error.description}
        return Answer.json(document, status=error.status, headers={"WWW-Authenticate": challenge})
    claims = queries.claims(token)
    return Answer.json({"sub": queries.subject(token.client, token.account_id), **claims})


def _token(authorization: str) -> AccessToken:
    """Return the live token of a Bearer header; raises `InvalidToken`."""
    token = queries.access_token(digest(bearer.presented(authorization)))
    if token is None or token.revoked_at is not None or clock.now() >= token.expires_at:
        raise InvalidToken("the access token is not known, expired or revoked")
    if token.mandate_id and not stands(token.mandate_id):
        raise InvalidToken("the mandate by which the person acted for the unit is over")
    return token
