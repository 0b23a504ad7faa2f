"""Pure rules: who may enter, what a scope releases, what a redirect address may be, what proves a code's owner."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongban.accounts.rules import Realm
from tongban.catalogue.rules import Audience
from tongban.kernel.assurance import AssuranceLevel

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_UNSAFE_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\U0010ffff\\*<>\"'`{}|^]")
_LONGEST_ADDRESS = 500
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


class Scope(StrEnum):
    """What a relying party may ask for. `openid` must be among it (OpenID Connect Core 1.0 §3.1.2.1)."""

    OPENID = "openid"
    PROFILE = "profile"
    UNIT = "unit"
    DOCUMENT_NUMBER = "document_number"


class ServiceScope(StrEnum):
    """What a relying party may ask for in its own name, without any person (RFC 6749 §4.4)."""

    ACCOUNT_SEARCH = "account-search"


SEPARATE_CONSENT = frozenset({Scope.DOCUMENT_NUMBER})
"""Scopes a person agrees to one by one and may leave out: sensitive personal information (PIPL articles 29, 30)."""


class ClientAuthentication(TextChoices):
    """How a relying party proves itself at the token endpoint."""

    SECRET = "secret", _("密钥")
    PRIVATE_KEY_JWT = "private_key_jwt", _("私钥签名")
    NONE = "none", _("公开客户端")


class SigningAlgorithm(TextChoices):
    """How ID tokens are signed: ES256 unless a relying party can only do RS256."""

    ES256 = "ES256", "ES256"
    RS256 = "RS256", "RS256"


class UriUse(TextChoices):
    """What a registered address is for."""

    SIGN_IN = "sign_in", _("登录回调")
    SIGN_OUT = "sign_out", _("退出后返回")


class NotAdmitted(StrEnum):
    """Why somebody may not enter."""

    NOT_CONNECTED = "not_connected"
    NOT_SIGNED_IN = "not_signed_in"
    NO_RIGHT = "no_right"
    NOT_VERIFIED = "not_verified"
    ASSURANCE_TOO_LOW = "assurance_too_low"


@dataclass(frozen=True, slots=True)
class Authentication:
    """How and when the person at the browser signed in. `methods` are RFC 8176 values; `session` never leaves us."""

    at: datetime
    methods: tuple[str, ...]
    session: str


def admission(
    *, realm: str, audience: str, required: AssuranceLevel, bound: AssuranceLevel | None
) -> NotAdmitted | None:
    """Return why an account of `realm`, bound with assurance `bound` (None: not verified), may not enter; or None.

    The right is asked first: who can never enter must not be sent to verify themselves for nothing.
    """
    if not serves(audience, realm):
        return NotAdmitted.NO_RIGHT
    if required <= AssuranceLevel.SELF_ASSERTED:
        return None
    if bound is None:
        return NotAdmitted.NOT_VERIFIED
    return None if bound >= required else NotAdmitted.ASSURANCE_TOO_LOW


def serves(audience: str, realm: str) -> bool:
    """Tell whether what is for `audience` is for accounts of `realm`."""
    if audience == Audience.BOTH:
        return realm in {Realm.NATURAL, Realm.LEGAL}
    return realm == {Audience.NATURAL: Realm.NATURAL, Audience.LEGAL: Realm.LEGAL}.get(Audience(audience))


def window_realm(audience: str) -> str | None:
    """Return the realm whose log-in window serves `audience`; None where the person must choose."""
    return None if audience == Audience.BOTH else str(Audience(audience).value)


def scope_text(scopes: Iterable[str]) -> str:
    """Return scopes as they travel and are stored: in the order of `Scope`, each once."""
    wanted = set(scopes)
    return " ".join(scope.value for scope in Scope if scope.value in wanted)


def service_scope_text(scopes: Iterable[str]) -> str:
    """Return a client's own scopes as they travel and are stored: in the order of `ServiceScope`, each once."""
    wanted = set(scopes)
    return " ".join(scope.value for scope in ServiceScope if scope.value in wanted)


def check_client_id(client_id: str) -> bool:
    """Tell whether `client_id` can be one: lower-case letters, digits, dot, underscore, hyphen; 2 to 64 of them."""
    return _CLIENT_ID.fullmatch(client_id) is not None


def check_address(uri: str, *, loopback: bool) -> str:
    """Return what is wrong with `uri` as a registered address, or "".

    Exact matching (RFC 9700 §2.1) makes wildcards meaningless; a fragment is forbidden (RFC 6749 §3.1.2); plain http
    is for the own machine only, and only where `loopback` addresses are allowed.
    """
    if len(uri) > _LONGEST_ADDRESS:
        return "length"
    if _UNSAFE_IN_ADDRESS.search(uri):
        return "character"
    if "#" in uri:
        return "fragment"
    parts = _split(uri)
    if parts is None or not parts.hostname:
        return "form"
    if "@" in parts.netloc:
        return "user"
    safe = parts.scheme == "https" or (parts.scheme == "http" and loopback and parts.hostname in _LOOPBACK)
    return "" if safe else "scheme"


def _split(uri: str) -> SplitResult | None:
    try:
        parts = urlsplit(uri)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def origin(uri: str) -> str:
    """Return `scheme://host:port` of an address."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def challenge_is_possible(challenge: str) -> bool:
    """Tell whether `challenge` can be the S256 of something: 43 characters of base64url (RFC 7636 §4.2)."""
    return _CHALLENGE.fullmatch(challenge) is not None


def verifier_proves(verifier: str, challenge: str) -> bool:
    """Tell in constant time whether `verifier` is what `challenge` was made of (RFC 7636 §4.6, method S256)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    return hmac.compare_digest(base64url(hashlib.sha256(verifier.encode()).digest()), challenge)


def base64url(raw: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def digest(token: str) -> str:
    """Return what is stored of a code, token or secret that we made: they have 256 random bits, no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def pairwise_subject(*, salt: bytes, account: bytes) -> str:
    """Return the name one sector knows an account by (OpenID Connect Core 1.0 §8.1): another sector cannot match it."""
    return base64url(hmac.new(salt, account, hashlib.sha256).digest())


def unit_subject(*, salt: bytes, uscc: str) -> str:
    """Return the name one sector knows a unit by, whichever account stands for it or acts for it."""
    return pairwise_subject(salt=salt, account=b"unit" + uscc.encode())


def acr(level: AssuranceLevel) -> str:
    """Return the authentication context class of an assurance level."""
    return f"urn:tongban:assurance:{level.name.lower().replace('_', '-')}"
