"""A cloud vendor on a socket of this machine: checks each signature with a reckoning of its own, and has moods.

What it answers follows the vendors' documentation. A mood is used up by one request; without one all is well.
"""

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY_ID = "id-of-the-key"
KEY_SECRET = "secret-of-the-key"
Answering = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Mood:
    """How one request is treated. `executes`: the vendor does what it was asked, whatever it says afterwards."""

    executes: bool = True
    pause: float = 0.0
    status: int = 200
    body: bytes | None = None
    hangs_up: bool = False
    drips: bool = False
    twice: bool = False


def slow(seconds: float) -> Mood:
    """Do it, and answer late."""
    return Mood(pause=seconds)


def lost_answer() -> Mood:
    """Do it, and break the connection instead of answering."""
    return Mood(hangs_up=True)


def lost_question() -> Mood:
    """Break the connection before doing anything."""
    return Mood(executes=False, hangs_up=True)


def says(body: Any, *, status: int = 200) -> Mood:
    """Do nothing, and answer `body`: bytes as they are, everything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Mood(executes=False, status=status, body=raw)


@dataclass
class Vendor:
    """What was asked of the vendor, in order, and what it is about to do."""

    answers: dict[str, Answering] = field(default_factory=dict)
    moods: list[Mood] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    lasting: Mood | None = None
    address: str = ""

    def mood(self) -> Mood:
        """Return the mood of the next request."""
        return self.moods.pop(0) if self.moods else self.lasting or Mood()

    def times(self, action: str) -> int:
        """Return how often `action` was asked for, signature and all."""
        return sum(name == action for name, _params in self.asked)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Check the signature, be in a mood, answer."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        vendor, self.close_connection = self.server.vendor, True
        mood = vendor.mood()
        status, answer = self._answered(vendor, body, executes=mood.executes)
        time.sleep(mood.pause)
        if mood.hangs_up:
            return
        self._send(mood, mood.status if mood.body is not None else status, mood.body or json.dumps(answer).encode())

    def _answered(self, vendor: Vendor, body: bytes, *, executes: bool) -> tuple[int, Mapping[str, Any]]:
        is_alibaba = "x-acs-action" in self.headers
        params = dict(parse_qsl(urlsplit(self.path).query)) if is_alibaba else json.loads(body)
        refusal = self._refuse_alibaba(vendor, body) if is_alibaba else self._refuse_tencent(body)
        if refusal:
            return refusal
        action = self.headers["x-acs-action" if is_alibaba else "x-tc-action"]
        vendor.asked.append((action, params))
        if not executes:
            return 200, {}
        answer = {**vendor.answers[action](params), "RequestId": "2E7B5C5A-0000-4000-8000-000000000001"}
        return 200, answer if is_alibaba else {"Response": answer}

    def _refuse_alibaba(self, vendor: Vendor, body: bytes) -> tuple[int, Mapping[str, Any]] | None:
        """Reckon ACS3-HMAC-SHA256 as its page describes it."""
        found = re.fullmatch(
            r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})",
            self.headers["authorization"],
        )
        assert found
        key_id, names, signature = found.groups()
        lines = "".join(f"{name}:{self.headers[name].strip()}\n" for name in names.split(";"))
        hashed = hashlib.sha256(body).hexdigest()
        canonical = f"POST\n/\n{urlsplit(self.path).query}\n{lines}\n{names}\n{hashed}"
        to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        reckoned = hmac.new(KEY_SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
        nonce = self.headers["x-acs-signature-nonce"]
        code = ""
        if key_id != KEY_ID:
            code = "InvalidAccessKeyId.NotFound"
        elif signature != reckoned or hashed != self.headers["x-acs-content-sha256"]:
            code = "SignatureDoesNotMatch"
        elif nonce in vendor.nonces:
            code = "SignatureNonceUsed"
        vendor.nonces.add(nonce)
        return (400, {"Code": code, "Message": "…", "RequestId": "A-1"}) if code else None

    def _refuse_tencent(self, body: bytes) -> tuple[int, Mapping[str, Any]] | None:
        """Reckon TC3-HMAC-SHA256 as its page describes it."""
        found = re.fullmatch(
            r"TC3-HMAC-SHA256 Credential=([^/]+)/([0-9-]{10})/([a-z]+)/tc3_request, SignedHeaders=([^,]+), "
            r"Signature=([0-9a-f]{64})",
            self.headers["authorization"],
        )
        assert found
        key_id, day, service, names, signature = found.groups()
        lines = "".join(f"{name}:{self.headers[name].strip().lower()}\n" for name in names.split(";"))
        canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
        at = self.headers["x-tc-timestamp"]
        to_sign = "\n".join(
            ["TC3-HMAC-SHA256", at, f"{day}/{service}/tc3_request", hashlib.sha256(canonical.encode()).hexdigest()]
        )
        key = ("TC3" + KEY_SECRET).encode()
        for part in (day, service, "tc3_request", to_sign):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        code = ""
        if key_id != KEY_ID:
            code = "AuthFailure.SecretIdNotFound"
        elif key.hex() != signature:
            code = "AuthFailure.SignatureFailure"
        elif abs(time.time() - int(at)) > 300:
            code = "AuthFailure.SignatureExpire"
        error = {"Error": {"Code": code, "Message": "…"}, "RequestId": "2E7B5C5A-0000-4000-8000-000000000002"}
        return (200, {"Response": error}) if code else None

    def _send(self, mood: Mood, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in body if mood.drips else b"":
            self.wfile.write(bytes([byte]))
            time.sleep(0.05)
        if not mood.drips:
            self.wfile.write(body)
        if mood.twice:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    vendor: Vendor

    def handle_error(self, *_args: object) -> None:
        """Clients of these tests hang up on purpose."""


@contextmanager
def serving(answers: Mapping[str, Answering] | None = None) -> Iterator[Vendor]:
    """Run a vendor for the time of a test."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.vendor = Vendor(answers=dict(answers or {}), address=f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.vendor
        finally:
            server.shutdown()
            thread.join()
