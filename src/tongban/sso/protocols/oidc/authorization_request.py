"""Read an authorization request (OpenID Connect Core 1.0 §3.1.2.1, RFC 7636, RFC 9700)."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongban.sso import queries
from tongban.sso.errors import ClientUnknown
from tongban.sso.models import RelyingParty
from tongban.sso.protocols.oidc.errors import AuthorizationError, NotRedirectable
from tongban.sso.rules import Scope, UriUse, challenge_is_possible

_LONGEST_VALUE = 2048
_PROMPTS = frozenset({"none", "login", "consent", "select_account"})
_UNSUPPORTED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where an answer may be sent: known before anything else is looked at."""

    client: RelyingParty
    redirect_uri: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """A request that keeps every rule. `max_age` is in seconds."""

    to: Destination
    scopes: frozenset[str]
    code_challenge: str
    nonce: str
    prompts: frozenset[str]
    max_age: int | None
    id_token_hint: str

    @property
    def silent(self) -> bool:
        """Whether no page may be shown."""
        return "none" in self.prompts


def find_destination(found: Mapping[str, str]) -> Destination:
    """Return where the answer goes; raises `NotRedirectable` unless the client's registration names it exactly."""
    try:
        client = queries.relying_party(found.get("client_id", ""))
    except ClientUnknown as error:
        raise NotRedirectable("client_id is missing or not registered") from error
    uri = found.get("redirect_uri", "")
    if not queries.registered(client, use=UriUse.SIGN_IN, uri=uri):
        raise NotRedirectable("redirect_uri is not exactly one that is registered for this client")
    return Destination(client=client, redirect_uri=uri, state=found.get("state", ""))


def read(found: Mapping[str, str], to: Destination) -> AuthorizationRequest:
    """Return the request whose answer goes to `to`; raises `AuthorizationError` for the client.

    `login_hint`, `display`, `ui_locales`, `claims_locales`, `acr_values` and unknown parameters are ignored: nothing
    that a link says about the person may be believed or shown.
    """
    if any(len(value) > _LONGEST_VALUE for value in found.values()):
        raise AuthorizationError("invalid_request", f"no parameter may be longer than {_LONGEST_VALUE} characters")
    for name, code in _UNSUPPORTED.items():
        if name in found:
            raise AuthorizationError(code, f"{name} is not supported")
    if "response_type" not in found:
        raise AuthorizationError("invalid_request", "response_type is missing")
    if found["response_type"] != "code":
        raise AuthorizationError("unsupported_response_type", "the only response_type is code")
    if found.get("response_mode", "query") != "query":
        raise AuthorizationError("invalid_request", "the only response_mode is query")
    return AuthorizationRequest(
        to=to,
        scopes=_scopes(found.get("scope", ""), to.client),
        code_challenge=_code_challenge(found),
        nonce=found.get("nonce", ""),
        prompts=_prompts(found.get("prompt", "")),
        max_age=_max_age(found.get("max_age")),
        id_token_hint=found.get("id_token_hint", ""),
    )


def _scopes(text: str, client: RelyingParty) -> frozenset[str]:
    """Return the known scopes (§3.1.2.1: unknown ones are ignored), all of which the client must be allowed."""
    wanted = frozenset(text.split(" ")) & frozenset(Scope)
    if Scope.OPENID not in wanted:
        raise AuthorizationError("invalid_scope", "scope must contain openid")
    if beyond := wanted - client.allowed_scopes:
        raise AuthorizationError("invalid_scope", f"this client is not allowed: {' '.join(sorted(beyond))}")
    return wanted


def _code_challenge(found: Mapping[str, str]) -> str:
    """Return the PKCE challenge, demanded of every client. Without a method it would be plain (RFC 7636 §4.3)."""
    if found.get("code_challenge_method") != "S256":
        raise AuthorizationError("invalid_request", "code_challenge_method must be S256")
    challenge = found.get("code_challenge", "")
    if not challenge_is_possible(challenge):
        raise AuthorizationError("invalid_request", "code_challenge must be 43 characters of base64url")
    return challenge


def _prompts(text: str) -> frozenset[str]:
    prompts = frozenset(text.split())
    if prompts - _PROMPTS:
        raise AuthorizationError("invalid_request", "prompt must be none, login, consent or select_account")
    if "none" in prompts and len(prompts) > 1:
        raise AuthorizationError("invalid_request", "prompt none stands alone")
    return prompts


def _max_age(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise AuthorizationError("invalid_request", "max_age must be a number of seconds")
    return int(text)
