"""A platform with nothing but the account search: tests say what it answers next."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.serving import make_server

FOUND = {
    "outcome": "E1",
    "realm": "legal",
    "login_name": "91110108MA01ET88XL",
    "password": "legacy",
    "next_step": {"act": "log_in", "address": "http://platform.example/log-in/legal/?as=x"},
}


@dataclass
class FakeSearch:
    """`answers` holds status and document per path; `questions` what was asked; `tokens` those that are good."""

    address: str = ""
    issuer: str | None = None
    clock_offset: float | None = 0.0
    token_status: int = 200
    answers: dict[str, tuple[int, Any]] = field(
        default_factory=lambda: {
            "unit-searches": (200, FOUND),
            "person-codes": (202, {"expires_in": 300, "resend_in": 60}),
            "person-searches": (200, {**FOUND, "outcome": "P3", "login_name": "HJ_13800000000"}),
        }
    )
    questions: list[tuple[str, Any]] = field(default_factory=list)
    token_requests: list[dict[str, str]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)


def problem(status: int, detail: str, pointer: str = "") -> tuple[int, Any]:
    errors = {"errors": [{"pointer": pointer, "code": "x", "detail": detail}]} if pointer else {}
    return status, {"type": "urn:x", "title": "x", "status": status, "detail": detail, **errors}


def make_fake_app(platform: FakeSearch) -> Flask:
    app = Flask(__name__)

    @app.get("/.well-known/openid-configuration")
    def discovery() -> ResponseReturnValue:
        return jsonify(issuer=platform.issuer or platform.address, token_endpoint=f"{platform.address}/oidc/token")

    @app.post("/oidc/token")
    def token() -> ResponseReturnValue:
        platform.token_requests.append({**request.form.to_dict(), "authorization": request.headers["Authorization"]})
        if platform.token_status != 200:
            return jsonify(error="invalid_client"), platform.token_status
        fresh = f"token-{len(platform.token_requests)}"
        platform.tokens.add(fresh)
        return jsonify(access_token=fresh, token_type="Bearer", expires_in=900, scope="account-search")

    @app.post("/api/transfer/<path>")
    def ask(path: str) -> ResponseReturnValue:
        if request.headers["Authorization"].removeprefix("Bearer ") not in platform.tokens:
            return jsonify(detail="x"), 401
        platform.questions.append((path, request.json))
        platform.languages.append(request.headers.get("Accept-Language", ""))
        status, document = platform.answers[path]
        return jsonify(document), status

    @app.get("/demo/clock")
    def clock() -> ResponseReturnValue:
        if platform.clock_offset is None:
            return "", 404
        return jsonify(offset=platform.clock_offset)

    return app


@contextmanager
def running(platform: FakeSearch) -> Iterator[FakeSearch]:
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
