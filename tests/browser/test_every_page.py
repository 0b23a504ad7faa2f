"""Every page the platform has, found through its addresses: no accessibility violation, no sideways scrolling.

Each page is looked at wide and at 320 px, in senior mode, with text at 200 %, and, where it has a form, after the form
was sent empty. A new address is looked at by itself; one that is no page is listed in `NOT_A_PAGE`, with the reason.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver, reverse
from playwright.sync_api import Browser, BrowserContext, Page

from tests.architecture.test_routes import routes
from tests.browser import walk
from tests.browser.conftest import Demo, scrolls_sideways, violations
from tests.browser.pages import EXAMPLES, NOT_A_PAGE, VISITORS, Who

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


def _named() -> Iterator[tuple[str, URLPattern]]:
    resolver = get_resolver()
    for namespace, (_, inner) in sorted(resolver.namespace_dict.items()):
        for _, pattern in routes(inner):
            yield f"{namespace}:{pattern.name}", pattern


@cache
def names() -> dict[str, URLPattern]:
    """Return every named address of the resolver."""
    return dict(_named())


def visitors(name: str, pattern: URLPattern) -> tuple[Who, ...]:
    """Return who should look at the page: everybody its door lets in and who may see something different."""
    if chosen := VISITORS.get(name):
        return chosen
    door: Any = pattern.callback.door  # type: ignore[attr-defined]
    if door.kind == "anyone":
        return ("nobody",)
    return (door.realm,) if door.realm else ("natural", "legal")


CASES = [
    pytest.param(name, who, id=f"{name}-{who}")
    for name, pattern in names().items()
    if name not in NOT_A_PAGE
    for who in visitors(name, pattern)
]


@pytest.fixture(scope="module")
def visits(chromium: Browser, demo: Demo) -> Iterator[dict[Who, BrowserContext]]:
    """One visitor of each kind, signed in where that is their kind."""
    contexts: dict[Who, BrowserContext] = {}
    accounts = demo.json("/demo/accounts.json")
    for who, window in (("nobody", None), ("natural", "自然人"), ("legal", "法人")):
        context = chromium.new_context(base_url=demo.platform, locale="zh-CN", timezone_id="Asia/Shanghai")
        context.set_default_timeout(10_000)
        contexts[who] = context  # type: ignore[index]
        if window:
            account = next(one for one in accounts if one["realm"] == who and one["role"] == "verified")
            page = context.new_page()
            walk.log_in(page, window, account["login_name"], account["password"])
            page.close()
    yield contexts
    for context in contexts.values():
        context.close()


def look(page: Page, state: str) -> None:
    """Hold the page as it stands against the rules, at both widths and with text twice as large."""
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert violations(page) == [], (state, size, page.url)
        assert not scrolls_sideways(page), (state, size, page.url)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not scrolls_sideways(page), (state, "200 %", page.url)
    page.evaluate("document.documentElement.style.fontSize = ''")


def where(name: str, context: BrowserContext) -> str:
    """Return the path of the page, or of an example of it."""
    return EXAMPLES[name](context) if name in EXAMPLES else reverse(name)


def send_empty(page: Page) -> bool:
    """Send the page's own form without filling it in; return whether there is one that can be sent empty."""
    form = page.locator("main form[method=post]:has(input:not([type=hidden]), select, textarea)").first
    if not form.count():
        return False
    for control in form.locator("input[type=text], input[type=tel], input[type=password], textarea").all():
        if control.is_visible():
            control.fill("")
    form.locator("button:not([name]), button[name=act][value=submit]").last.click()
    return True


def switch_senior_mode(context: BrowserContext, platform: str) -> None:
    """Choose 长者模式 the way a person does."""
    page = context.new_page()
    page.goto(platform)
    walk.click(page, "长者模式")
    assert page.locator("html[data-mode=senior]").count()
    page.close()


@pytest.mark.parametrize(("name", "who"), CASES)
def test_every_page(name: str, who: Who, visits: dict[Who, BrowserContext], demo: Demo) -> None:
    path = where(name, visits[who])
    page = visits[who].new_page()
    try:
        response = page.goto(demo.platform + path)
        assert response
        assert response.status in {200, 403}, response.status
        assert "text/html" in response.headers["content-type"]
        look(page, "normal")
        if send_empty(page):
            look(page, "after an empty form")
    finally:
        page.close()


@pytest.mark.parametrize(("name", "who"), CASES)
def test_every_page_in_senior_mode(name: str, who: Who, senior: dict[Who, BrowserContext], demo: Demo) -> None:
    page = senior[who].new_page()
    try:
        page.goto(demo.platform + where(name, senior[who]))
        assert page.locator("html[data-mode=senior]").count()
        look(page, "senior")
    finally:
        page.close()


@pytest.fixture(scope="module")
def senior(visits: dict[Who, BrowserContext], chromium: Browser, demo: Demo) -> Iterator[dict[Who, BrowserContext]]:
    """The same visitors with 长者模式 switched on."""
    contexts: dict[Who, BrowserContext] = {}
    for who, context in visits.items():
        contexts[who] = chromium.new_context(storage_state=context.storage_state(), base_url=demo.platform)
        contexts[who].set_default_timeout(10_000)
        switch_senior_mode(contexts[who], demo.platform)
    yield contexts
    for context in contexts.values():
        context.close()


def test_every_exemption_is_needed(visits: dict[Who, BrowserContext], demo: Demo) -> None:
    assert set(NOT_A_PAGE) - set(names()) == set()
    assert set(EXAMPLES) - set(names()) == set()
    needless = []
    for name in sorted(NOT_A_PAGE):
        if names()[name].pattern.converters:
            continue
        for who in ("nobody", "natural"):
            answer = visits[who].request.get(demo.platform + reverse(name), max_redirects=0, fail_on_status_code=False)
            if answer.ok and "text/html" in answer.headers.get("content-type", ""):
                needless.append(name)
    assert needless == []
