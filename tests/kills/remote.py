"""A visitor of a platform that runs in processes of its own and may be gone at any moment."""

import json
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from tests.journeys.visitor import Visitor


class Gone(Exception):
    """The platform did not answer: what was asked of it may have happened or not."""


class _Client:
    """As much of Django's test client as `Visitor` uses, over the network."""

    def __init__(self, platform: str) -> None:
        # A connection for each request: none is left open when nobody looks after the browser any more.
        limits = httpx.Limits(max_keepalive_connections=0)
        headers = {"accept": "text/html"}
        self._http = httpx.Client(base_url=platform, timeout=10, headers=headers, limits=limits)

    @property
    def cookies(self) -> "SimpleCookie":
        return SimpleCookie(dict(self._http.cookies))

    def get(self, path: str) -> httpx.Response:
        return self._send("GET", path)

    def post(self, path: str, data: Any, *, content_type: str = "", headers: dict[str, str]) -> httpx.Response:
        assert content_type or not data, "no journey here uploads anything"
        return self._send("POST", path, content=data or "", headers={**headers, "content-type": content_type})

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **more)
        except httpx.TransportError as error:
            raise Gone(f"{method} {path}") from error
        assert answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text[:2000]}"
        return answer


class RemoteVisitor(Visitor):
    """One person with a browser of their own; raises `Gone` where the platform does not answer."""

    def __init__(self, platform: str) -> None:
        super().__init__(_Client(platform))
        self.host = urlsplit(platform).netloc

    def json(self, path: str, **query: str) -> Any:
        """Return what a demo address answers this browser."""
        return json.loads(self.client.get(f"{path}?{urlencode(query)}" if query else path).content)

    def picture(self) -> str:
        """Look at the 验证码 of the page and return what it says."""
        (image,) = self.page.xpath(".//img[contains(@src, '/challenge/picture/')]/@src")
        self.client.get(image)
        return str(self.json("/demo/captcha.json")["answer"])

    def messages(self, phone: str) -> list[dict[str, str]]:
        """Return the SMS with codes that `phone` got, the newest first."""
        return [one for one in self.json("/demo/outbox.json") if one["to"] == phone and one["code"]]

    def arriving_codes(self, phone: str, known: list[dict[str, str]], *, seconds: float = 30) -> Iterator[str]:
        """Yield the codes that `phone` gets besides the `known` messages, as they come; raises `Gone` if none does."""
        seen = list(known)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in reversed([one for one in self.messages(phone) if one not in seen]):
                seen.append(message)
                yield message["code"]
            time.sleep(0.1)
        raise Gone(f"no code for {phone}")
