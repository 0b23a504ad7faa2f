"""The token endpoint (RFC 6749 §3.2 and §4.4, OpenID Connect Core 1.0 §3.1.3)."""

from collections.abc import Mapping

from tongban.sso.errors import CodeRejected, ScopeNotAllowed
from tongban.sso.flows.issue_client_token import issue_client_token
from tongban.sso.flows.redeem_code import redeem_code
from tongban.sso.models import RelyingParty
from tongban.sso.protocols.oidc import id_token
from tongban.sso.protocols.oidc.client_authentication import authenticate
from tongban.sso.protocols.oidc.errors import (
    InvalidGrant,
    InvalidRequest,
    InvalidScope,
    ProtocolError,
    UnauthorizedClient,
    UnsupportedGrantType,
)
from tongban.sso.protocols.oidc.wire import Answer, Call

_CHALLENGE = 'Basic realm="token"'


def answer(call: Call) -> Answer:
    """Exchange an authorization code for tokens, or give a client one of its own."""
    try:
        return _answer(call)
    except ProtocolError as error:
        headers = {"WWW-Authenticate": _CHALLENGE} if error.status == 401 else {}
        document = {"error": error.code, "error_description": error.description}
        return Answer.json(document, status=error.status, headers=headers)


def _answer(call: Call) -> Answer:
    if call.query:
        raise InvalidRequest("parameters belong into the body")  # a query would stand in logs: RFC 6749 §2.3.1
    form = call.form()
    client = authenticate(call.authorization, form)
    if "grant_type" not in form:
        raise InvalidRequest("grant_type is missing")
    if form["grant_type"] == "client_credentials":
        return _own_token(client, form)
    if form["grant_type"] != "authorization_code":
        raise UnsupportedGrantType("grant_type must be authorization_code or client_credentials")
    return _exchange(client, form)


def _own_token(client: RelyingParty, form: Mapping[str, str]) -> Answer:
    """Answer RFC 6749 §4.4.2. There is no refresh token (§4.4.3): the client can always ask again."""
    if not client.allowed_service_scopes:
        raise UnauthorizedClient("this client may not use client_credentials")
    try:
        issued = issue_client_token(client=client, scopes=form.get("scope", "").split())
    except ScopeNotAllowed as error:
        raise InvalidScope("the client is not registered for all of scope") from error
    return Answer.json(
        {
            "access_token": issued.access_token,
            "token_type": "Bearer",
            "expires_in": issued.expires_in,
            "scope": issued.scopes,
        }
    )


def _exchange(client: RelyingParty, form: Mapping[str, str]) -> Answer:
    missing = [name for name in ("code", "redirect_uri", "code_verifier") if name not in form]
    if missing:
        raise InvalidRequest(f"missing: {' '.join(missing)}")
    try:
        redeemed = redeem_code(
            client=client, code=form["code"], redirect_uri=form["redirect_uri"], verifier=form["code_verifier"]
        )
    except CodeRejected as error:
        raise InvalidGrant(
            "the code is not valid for this client, redirect_uri and code_verifier, or any more"
        ) from error
    return Answer.json(
        {
            "access_token": redeemed.access_token,
            "token_type": "Bearer",
            "expires_in": redeemed.expires_in,
            "scope": redeemed.code.scopes,
            "id_token": id_token.make(client, redeemed.code, access_token=redeemed.access_token),
        }
    )
