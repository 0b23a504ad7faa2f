"""The platform as an OpenID provider, spoken to through Authlib: it makes and checks state, nonce and PKCE."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

import requests
from authlib.integrations.flask_client import OAuth
from authlib.oidc.core import CodeIDToken
from flask import redirect, request
from werkzeug.wrappers import Response

from neighbours.relying import language
from neighbours.relying.desk import Desk
from neighbours.relying.errors import ForeignAnswer, PlatformUnavailable
from neighbours.relying.options import ClientCredentials
from neighbours.relying.visitor import Visitor

_SECONDS_TO_WAIT = 5
_SECONDS_OF_LEEWAY = 5


class Provider:
    """One desk's view of the platform: begin and finish a sign-in, and leave."""

    def __init__(
        self, oauth: OAuth, *, desk: Desk, platform: str, credentials: ClientCredentials, clock: Callable[[], float]
    ) -> None:
        self._issuer = platform
        self._client_id = credentials.client_id
        self._id_token_class = _id_token_class(clock)
        self._client = oauth.register(
            desk.name,
            client_id=credentials.client_id,
            client_secret=credentials.client_secret,
            server_metadata_url=f"{platform}/.well-known/openid-configuration",
            client_kwargs={
                "scope": desk.scope,
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": "client_secret_basic",
                "default_timeout": _SECONDS_TO_WAIT,
            },
        )

    def metadata(self) -> Mapping[str, Any]:
        """Return what the platform says of itself; raises `PlatformUnavailable`, or `ForeignAnswer` for an impostor.

        OpenID Connect Discovery 1.0 §4.3: the issuer in the document must be the one we asked.
        """
        try:
            found: Mapping[str, Any] = self._client.load_server_metadata()
        except (requests.RequestException, ValueError) as error:
            raise PlatformUnavailable from error
        if found.get("issuer") != self._issuer:
            raise ForeignAnswer(found.get("issuer"))
        return found

    def begin(self, *, redirect_uri: str) -> Response:
        """Return the redirect to the platform's authorization endpoint; state and PKCE stay in the session.

        The platform's pages can be in the language this system has been told to speak.
        """
        self.metadata()
        told = {"ui_locales": language.kept()} if language.kept() else {}
        response: Response = self._client.authorize_redirect(redirect_uri, **told)
        return response

    def finish(self) -> Visitor:
        """Return who came back with the current request.

        Raises what Authlib raises for an error answer, a state that is not ours or an ID token that does not hold,
        `ForeignAnswer` when another server answered (RFC 9207 §2.4) and `PlatformUnavailable`.
        """
        metadata = self.metadata()
        if not hmac.compare_digest(request.args.get("iss", "").encode(), self._issuer.encode()):
            raise ForeignAnswer(request.args.get("iss"))
        try:
            token = self._client.authorize_access_token(
                claims_options={
                    "iss": {"essential": True, "value": metadata["issuer"]},
                    "aud": {"essential": True, "value": self._client_id},
                },
                claims_cls=self._id_token_class,
                leeway=_SECONDS_OF_LEEWAY,
            )
            userinfo = self._client.userinfo(token=token)
        except requests.RequestException as error:
            raise PlatformUnavailable from error
        id_claims = token["userinfo"]
        if id_claims.get("at_hash") != _half_hash(token["access_token"]):  # Authlib checks it for its own class only
            raise ForeignAnswer(id_claims.get("at_hash"))
        if userinfo.get("sub") != id_claims["sub"]:  # OpenID Connect Core 1.0 §5.3.2
            raise ForeignAnswer(userinfo.get("sub"))
        return Visitor.from_claims(id_claims=id_claims, userinfo=userinfo, id_token=token["id_token"])

    def leave(self, *, id_token: str, return_uri: str) -> Response:
        """Return the redirect to the platform's logout (OpenID Connect RP-Initiated Logout 1.0 §2)."""
        self.metadata()
        made = self._client.create_logout_url(
            post_logout_redirect_uri=return_uri, id_token_hint=id_token, client_id=self._client_id
        )
        return redirect(made["url"])


def _half_hash(token: str) -> str:
    """Return `at_hash` of `token` for algorithms with SHA-256 (OpenID Connect Core 1.0 §3.1.3.6)."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()[:16]).rstrip(b"=").decode()


def _id_token_class(clock: Callable[[], float]) -> type[CodeIDToken]:
    """Return Authlib's ID token whose `exp` and `iat` are judged by `clock` (seconds since 1970)."""

    class IDTokenByPlatformTime(CodeIDToken):  # type: ignore[misc]  # Authlib has no types
        def validate(self, now: int | None = None, leeway: int = 0) -> None:
            super().validate(now=now if now is not None else int(clock()), leeway=leeway)

    return IDTokenByPlatformTime
