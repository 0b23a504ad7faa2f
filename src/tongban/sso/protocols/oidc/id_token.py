"""Make ID tokens, and read back those that come as hints."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError

from tongban.kernel import clock
from tongban.kernel.assurance import AssuranceLevel
from tongban.sso import queries, signing
from tongban.sso.models import AuthorizationCode, RelyingParty
from tongban.sso.rules import SigningAlgorithm, acr, base64url


@dataclass(frozen=True, slots=True)
class Hint:
    """What an ID token of ours says, however old it is: whom, for which client, in which session."""

    subject: str
    client_id: str
    session: str


def make(client: RelyingParty, code: AuthorizationCode, *, access_token: str) -> str:
    """Return the signed ID token for what `code` was issued for (OpenID Connect Core 1.0 §2)."""
    now = clock.now()
    claims: dict[str, Any] = {
        "iss": settings.ADDRESS,
        "sub": queries.subject(client, code.account_id),
        "aud": client.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(seconds=settings.SSO_ID_TOKEN_SECONDS)).timestamp()),
        "auth_time": int(code.auth_time.timestamp()),
        "acr": acr(AssuranceLevel(code.assurance)),
        "amr": code.amr.split(),
        "at_hash": half_hash(access_token),
        "sid": queries.session_name(client, code.session_id),
    }
    if code.mandate:
        claims["acting_for"] = queries.acting_for(client, code.mandate)
    if code.nonce:
        claims["nonce"] = code.nonce
    key = signing.signer(client.id_token_algorithm)
    header = {"alg": key.algorithm, "kid": key.kid}
    return jwt.encode(header, claims, key.key, algorithms=[key.algorithm])


def read_hint(token: str) -> Hint | None:
    """Return what a hint says, or None unless we signed it for one client.

    Expired ones are good: that is what hints are for (OpenID Connect RP-Initiated Logout 1.0 §2).
    """
    try:
        claims: Mapping[str, Any] = jwt.decode(token, signing.published(), algorithms=SigningAlgorithm.values).claims
    except (JoseError, ValueError):
        return None
    texts = [claims.get(name) for name in ("sub", "aud", "sid")]
    if claims.get("iss") != settings.ADDRESS or not all(isinstance(text, str) for text in texts):
        return None
    return Hint(*map(str, texts))


def half_hash(token: str) -> str:
    """Return `at_hash`: half of the token's SHA-256 (OpenID Connect Core 1.0 §3.1.3.6, for ES256 and RS256)."""
    return base64url(hashlib.sha256(token.encode("ascii")).digest()[:16])
