"""What the look at every page needs to know about some addresses."""

from collections.abc import Callable, Mapping
from typing import Literal

from playwright.sync_api import BrowserContext

Who = Literal["nobody", "natural", "legal", "staff"]

POST_ONLY = "an act: answers to a POST only and leads to a page that is looked at"
BY_SMS = "reached only by a link in an SMS, after an approved appeal; the journeys lint it"
PROTOCOL = "spoken by programs: JSON, or a redirect to a page that is looked at"

NOT_A_PAGE: Mapping[str, str] = {
    "accounts:end-other-sessions": POST_ONLY,
    "accounts:end-session": POST_ONLY,
    "accounts:log-out": POST_ONLY,
    "challenge:picture": "a picture",
    "recovery:correct": POST_ONLY,
    "recovery:link": BY_SMS,
    "recovery:stop": BY_SMS,
    "site:display": POST_ONLY,
    "site:livez": PROTOCOL,
    "site:messages-read": POST_ONLY,
    "site:readyz": PROTOCOL,
    "sso:authorize": PROTOCOL,
    "sso:discovery": PROTOCOL,
    "sso:jwks": PROTOCOL,
    "sso:log-in-again": PROTOCOL,
    "sso:log-out-confirmed": POST_ONLY,
    "sso:token": PROTOCOL,
    "sso:userinfo": PROTOCOL,
    "sso:withdraw": POST_ONLY,
}
"""Addresses that answer no HTML page to a GET, each with the reason. One that is not needed fails a test."""

Place = Callable[[BrowserContext], str]
"""Returns the path of an example that exists in the demonstration, perhaps after a walk there."""


def _linked(page: str, start: str) -> Place:
    """Return the first address on `page` that begins with `start` and goes on."""

    def place(context: BrowserContext) -> str:
        visit = context.new_page()
        visit.goto(page)
        path = visit.locator(f"main a[href^='{start}']").first.get_attribute("href")
        visit.close()
        assert path, (page, start)
        return path

    return place


def _arrived(start: str) -> Place:
    """Return where one arrives from `start`."""

    def place(context: BrowserContext) -> str:
        visit = context.new_page()
        visit.goto(start)
        path = visit.evaluate("location.pathname + location.search")
        visit.close()
        return str(path)

    return place


EXAMPLES: Mapping[str, Place] = {
    "catalogue:service": lambda context: "/services/high-tech-enterprise/",
    "site:case": _linked("/account/cases/", "/account/cases/"),
    "site:message": _linked("/account/messages/", "/account/messages/"),
    "site:notice": _linked("/notices/", "/notices/"),
    "sso:consent": _arrived("/services/talent-registration/enter/"),
    "sso:enter": lambda context: "/services/high-tech-enterprise/enter/",
}
"""For addresses with parameters: where to find an example."""

VISITORS: Mapping[str, tuple[Who, ...]] = {
    "sso:consent": ("natural",),
    "sso:enter": ("natural",),
}
"""Who looks at a page, where the door alone does not tell."""
