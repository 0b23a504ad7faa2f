"""A platform small enough to lie in every way an ID token can, on a real port of this machine."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from werkzeug.serving import make_server

UNIT = {"realm": "legal", "name": "张三", "unit_name": "北京示例科技有限公司", "uscc": "91110108MA01ET88XL"}
PERSON = {"realm": "natural", "name": "李四"}


@dataclass
class FakePlatform:
    """What the platform will answer next; tests change the fields."""

    address: str = ""
    issuer: str | None = None
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "k1", "use": "sig"}))
    signing_key: ECKey | None = None
    claims: dict[str, Any] = field(default_factory=lambda: dict(UNIT))
    userinfo_sub: str = "person-1"
    userinfo_status: int = 200
    change_token: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    forge: Callable[[dict[str, Any]], str] | None = None
    clock_offset: float | None = None
    token_status: int = 200
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    token_requests: list[dict[str, str]] = field(default_factory=list)

    def authorize(self, location: str) -> dict[str, str]:
        """Say yes to the authorization request at `location`; returns the parameters of the answer."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return {"code": code, "state": query["state"], "iss": self.address}

    def id_token(self, code: str, access_token: str) -> str:
        query = self.codes[code]
        half_hash = base64.urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest()[:16])
        now = int(time.time() + (self.clock_offset or 0))
        claims = self.change_token(
            {
                "iss": self.address, "sub": "person-1", "aud": query["client_id"], "iat": now, "exp": now + 300,
                "nonce": query["nonce"], "at_hash": half_hash.rstrip(b"=").decode(),
                "acr": "urn:tongban:assurance:cross-checked",
            }
        )  # fmt: skip
        if self.forge:
            return self.forge(claims)
        return jwt.encode({"alg": "ES256", "kid": "k1"}, claims, self.signing_key or self.key)


def make_fake_app(platform: FakePlatform) -> Flask:
    app = Flask(__name__)

    @app.get("/.well-known/openid-configuration")
    def discovery() -> ResponseReturnValue:
        at = platform.address
        return jsonify(
            issuer=platform.issuer or at,
            authorization_endpoint=f"{at}/oidc/authorize",
            token_endpoint=f"{at}/oidc/token",
            userinfo_endpoint=f"{at}/oidc/userinfo",
            jwks_uri=f"{at}/oidc/jwks",
            end_session_endpoint=f"{at}/oidc/logout",
            id_token_signing_alg_values_supported=["ES256"],
        )

    @app.get("/oidc/jwks")
    def jwks() -> ResponseReturnValue:
        return jsonify(KeySet([platform.key]).as_dict(private=False))

    @app.post("/oidc/token")
    def token() -> ResponseReturnValue:
        platform.token_requests.append(request.form.to_dict())
        if platform.token_status != 200:
            return jsonify(error="invalid_grant"), platform.token_status
        access_token = secrets.token_urlsafe(8)
        id_token = platform.id_token(request.form["code"], access_token)
        return jsonify(access_token=access_token, token_type="Bearer", expires_in=900, id_token=id_token)

    @app.get("/oidc/userinfo")
    def userinfo() -> ResponseReturnValue:
        return jsonify(sub=platform.userinfo_sub, **platform.claims), platform.userinfo_status

    @app.get("/demo/clock")
    def clock() -> ResponseReturnValue:
        if platform.clock_offset is None:
            return "", 404
        return jsonify(offset=platform.clock_offset)

    return app


@contextmanager
def running(platform: FakePlatform) -> Iterator[FakePlatform]:
    server = make_server("127.0.0.1", 0, make_fake_app(platform), threaded=True)
    platform.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
