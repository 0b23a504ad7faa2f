"""The token endpoint (RFC 6749 §3.2, OpenID Connect Core 1.0 §3.1.3)."""

from tongban.sso.errors import CodeRejected
from tongban.sso.flows.redeem_code import redeem_code
from tongban.sso.protocols.oidc import id_token
from tongban.sso.protocols.oidc.client_authentication import authenticate
from tongban.sso.protocols.oidc.errors import InvalidGrant, InvalidRequest, ProtocolError, UnsupportedGrantType
from tongban.sso.protocols.oidc.wire import Answer, Call

_CHALLENGE = 'Basic realm="token"'


def answer(call: Call) -> Answer:
    """Exchange an authorization code for tokens."""
    try:
        return _exchange(call)
    except ProtocolError as error:
        headers = {"WWW-Authenticate": _CHALLENGE} if error.status == 401 else {}
        document = {"error": error.code, "error_description": error.description}
        return Answer.json(document, status=error.status, headers=headers)


def _exchange(call: Call) -> Answer:
    if call.query:
        raise InvalidRequest("parameters belong into the body")  # a query would stand in logs: RFC 6749 §2.3.1
    form = call.form()
    client = authenticate(call.authorization, form)
    if "grant_type" not in form:
        raise InvalidRequest("grant_type is missing")
    if form["grant_type"] != "authorization_code":
        raise UnsupportedGrantType("the only grant_type is authorization_code")
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
