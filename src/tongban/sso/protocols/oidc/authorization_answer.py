"""Addresses that carry the answer to an authorization request back to the client."""

from urllib.parse import urlencode

from django.conf import settings

from tongban.sso.protocols.oidc.authorization_request import Destination
from tongban.sso.protocols.oidc.errors import AuthorizationError


def with_code(to: Destination, code: str) -> str:
    """Return the address that hands `code` to the client."""
    return _address(to, {"code": code})


def with_error(to: Destination, error: AuthorizationError) -> str:
    """Return the address that tells the client of a refusal (RFC 6749 §4.1.2.1)."""
    return _address(to, {"error": error.code, "error_description": error.description})


def _address(to: Destination, answer: dict[str, str]) -> str:
    """Add the answer to the query that the registered address has; `iss` says who answers (RFC 9207 §2)."""
    state = {"state": to.state} if to.state else {}
    return append(to.redirect_uri, {**answer, **state, "iss": settings.ADDRESS})


def append(uri: str, query: dict[str, str]) -> str:
    """Return `uri` with `query` behind whatever query it has."""
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(query)}"
