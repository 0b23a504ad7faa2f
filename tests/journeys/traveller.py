"""A person with a browser who walks from one site to another: like `Visitor`, over real HTTP between real processes.

Pages of the platform are linted, pages of others parsed strictly. A form is held to `form-action` of the page it stands
on through every redirect, as Chromium does it.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from tests.journeys.html import Element, lint, parse
from tests.journeys.visitor import Visitor

_MOST_REDIRECTS = 12


class FormHeldBack(AssertionError):
    """A browser would have refused to follow a form to where it led."""


class Traveller(Visitor):
    """`path` is the whole address of the page in front of the person."""

    def __init__(self, platform: str) -> None:
        super().__init__()
        self.platform = platform
        self.path = f"{platform}/"
        self.http = httpx.Client(headers={"accept": "text/html"}, timeout=30)
        self._policy: tuple[str, ...] = ()
        self._held_to: tuple[str, ...] = ()

    def get(self, path: str, data: Mapping[str, str] | None = None, *, follow: bool = True) -> "Traveller":
        url = urljoin(self.path, f"{path}?{urlencode(data)}" if data else path)
        self._held_to = ()
        self._receive(self.http.get(url), url, follow=follow)
        return self

    def _send(self, form: Element, action: str, data: list[tuple[str, Any]]) -> Any:
        self._held_to = self._policy
        self._hold(action)
        origin = _origin(self.path)
        headers = {"referer": self.path, "origin": origin, "content-type": "application/x-www-form-urlencoded"}
        return self.http.post(action, content=urlencode(data), headers=headers)

    def _receive(self, response: Any, url: str, *, follow: bool) -> "Traveller":
        for _ in range(_MOST_REDIRECTS):
            self.response, self.status, self.path = response, response.status_code, str(response.url)
            self._typed, self._page = {}, None
            if not (follow and response.is_redirect):
                break
            target = urljoin(self.path, response.headers["location"])
            self._hold(target)
            response = self.http.get(target)
        else:
            raise AssertionError(f"redirected in a circle: {self.path}")
        self._policy = _form_targets(response.headers.get("content-security-policy", ""), _origin(self.path))
        if response.headers.get("content-type", "").startswith("text/html") and response.content:
            self._page = parse(response.content)
            if self.path.startswith(f"{self.platform}/"):
                lint(self._page, {name.title(): value for name, value in response.headers.items()})
        return self

    def _hold(self, target: str) -> None:
        """Refuse to go to `target` when the page a form was sent from does not allow it."""
        if self._held_to and _origin(target) not in self._held_to:
            raise FormHeldBack(f"{target} is not in form-action {self._held_to}")


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _form_targets(policy: str, own: str) -> tuple[str, ...]:
    """Return the origins that forms of a page with this policy may lead to; `own` is the page's."""
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    return tuple(own if source == "'self'" else source for source in directives["form-action"].split())
