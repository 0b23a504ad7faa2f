"""Find out which client calls, and demand its proof (RFC 6749 §2.3, RFC 7523 §3)."""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.db import IntegrityError, transaction
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tongban.kernel import clock
from tongban.sso import queries
from tongban.sso.errors import ClientUnknown
from tongban.sso.models import RelyingParty, SpentAssertion
from tongban.sso.protocols.oidc.errors import InvalidClient, InvalidRequest
from tongban.sso.rules import ClientAuthentication, SigningAlgorithm, digest

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SECONDS_OF_LEEWAY = 5
_LONGEST_LIFE = 300
_LONGEST_JTI = 200


def authenticate(authorization: str, form: Mapping[str, str]) -> RelyingParty:
    """Return the client that makes a request; raises `InvalidClient`, or `InvalidRequest` for two proofs at once."""
    ways = [bool(authorization), "client_secret" in form, "client_assertion" in form]
    if sum(ways) > 1:
        raise InvalidRequest("use one method of client authentication")
    if authorization:
        return _by_secret(*_basic(authorization, form))
    if "client_secret" in form:
        return _by_secret(form.get("client_id", ""), form["client_secret"])
    if "client_assertion" in form:
        return _by_assertion(form)
    return _public(form.get("client_id", ""))


def _client(client_id: str, authentication: str) -> RelyingParty:
    """Return the client, if this is how it registered to authenticate: a weaker way is no way."""
    try:
        client = queries.relying_party(client_id)
    except ClientUnknown as error:
        raise InvalidClient("client authentication failed") from error
    if client.authentication != authentication:
        raise InvalidClient("client authentication failed")
    return client


def _public(client_id: str) -> RelyingParty:
    return _client(client_id, ClientAuthentication.NONE)


def _by_secret(client_id: str, secret: str) -> RelyingParty:
    client = _client(client_id, ClientAuthentication.SECRET)
    if not hmac.compare_digest(digest(secret), client.secret_digest):
        raise InvalidClient("client authentication failed")
    return client


def _basic(authorization: str, form: Mapping[str, str]) -> tuple[str, str]:
    """Return id and secret of a Basic header; both are form-encoded inside it (RFC 6749 §2.3.1)."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise InvalidClient("the Authorization header must be Basic")
    try:
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise InvalidClient("the Authorization header cannot be read") from error
    client_id = unquote_plus(client_id)
    if not colon or form.get("client_id", client_id) != client_id:
        raise InvalidClient("the Authorization header does not fit client_id")
    return client_id, unquote_plus(secret)


def _by_assertion(form: Mapping[str, str]) -> RelyingParty:
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise InvalidClient("client_assertion_type must be the JWT bearer type")
    token = form["client_assertion"]
    try:
        claimed = form.get("client_id") or _unverified_issuer(token)
        client = _client(claimed, ClientAuthentication.PRIVATE_KEY_JWT)
        keys = KeySet.import_key_set(client.public_keys)  # type: ignore[arg-type]  # checked at registration
        claims = jwt.decode(token, keys, algorithms=SigningAlgorithm.values).claims
        _check_claims(claims, client)
    except (JoseError, ValueError) as error:
        raise InvalidClient("the client assertion does not hold") from error
    _spend(claims, client)
    return client


def _unverified_issuer(token: str) -> str:
    """Return who an assertion says made it, to know whose keys to check it with."""
    part = token.split(".")[1] if token.count(".") == 2 else ""
    document = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return str(document.get("iss", "")) if isinstance(document, dict) else ""


def _check_claims(claims: dict[str, Any], client: RelyingParty) -> None:
    """Demand what RFC 7523 §3 does, and a life of at most five minutes."""
    now = int(clock.now().timestamp())
    audiences = [settings.ADDRESS, f"{settings.ADDRESS}/oidc/token"]
    jwt.JWTClaimsRegistry(
        now=now,
        leeway=_SECONDS_OF_LEEWAY,
        iss={"essential": True, "value": client.client_id},
        sub={"essential": True, "value": client.client_id},
        aud={"essential": True, "values": audiences},
        exp={"essential": True},
        jti={"essential": True},
    ).validate(claims)
    if claims["exp"] > now + _LONGEST_LIFE + _SECONDS_OF_LEEWAY or len(claims["jti"]) > _LONGEST_JTI:
        raise InvalidClient("the client assertion lives too long, or its jti is too long")


def _spend(claims: dict[str, Any], client: RelyingParty) -> None:
    """Let an assertion work once: the second insert fails, however close behind the first it comes."""
    expires_at = datetime.fromtimestamp(claims["exp"] + _SECONDS_OF_LEEWAY, UTC)
    try:
        with transaction.atomic():
            SpentAssertion.objects.create(client=client, jti_digest=digest(claims["jti"]), expires_at=expires_at)
    except IntegrityError as error:
        raise InvalidClient("the client assertion was used before") from error
