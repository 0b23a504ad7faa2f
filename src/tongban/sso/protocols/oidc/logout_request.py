"""Read a logout request (OpenID Connect RP-Initiated Logout 1.0 §2, §3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongban.sso import queries
from tongban.sso.errors import ClientUnknown
from tongban.sso.models import RelyingParty
from tongban.sso.protocols.oidc.authorization_answer import append
from tongban.sso.protocols.oidc.errors import NotRedirectable
from tongban.sso.protocols.oidc.id_token import Hint, read_hint
from tongban.sso.rules import UriUse


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """Who asks (None: nobody said), where to go afterwards ("": nowhere), and whose session a genuine hint names."""

    client: RelyingParty | None
    back_to: str
    hint: Hint | None


def read(found: Mapping[str, str]) -> LogoutRequest:
    """Return the request; raises `NotRedirectable` when something in it is not genuine."""
    hint = read_hint(found["id_token_hint"]) if "id_token_hint" in found else None
    if "id_token_hint" in found and hint is None:
        raise NotRedirectable("id_token_hint is not an ID token of this provider")
    client_id = found.get("client_id") or (hint.client_id if hint else "")
    if hint and hint.client_id != client_id:
        raise NotRedirectable("client_id is not the audience of id_token_hint")
    client = _client(client_id) if client_id else None
    return LogoutRequest(client, _back_to(found, client), hint)


def _client(client_id: str) -> RelyingParty:
    try:
        return queries.relying_party(client_id)
    except ClientUnknown as error:
        raise NotRedirectable("client_id is not registered") from error


def _back_to(found: Mapping[str, str], client: RelyingParty | None) -> str:
    uri = found.get("post_logout_redirect_uri", "")
    if not uri:
        return ""
    if client is None or not queries.registered(client, use=UriUse.SIGN_OUT, uri=uri):
        raise NotRedirectable("post_logout_redirect_uri is not exactly one that is registered for this client")
    return append(uri, {"state": found["state"]}) if "state" in found else uri
