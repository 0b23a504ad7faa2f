"""Every page the platform has, found through its addresses: no accessibility violation, no sideways scrolling.

Each page is looked at wide and at 320 px, in senior mode, with text at 200 %, and, where it has a form, after the form
was sent empty; and in English, where nothing may be said in Chinese. A new address is looked at by itself; one that is
no page is listed in `NOT_A_PAGE`, with the reason.
Every page has to show itself: whoever is led elsewhere, to a log-in window for example, has not seen it. And every page
keeps to its budget of bytes, and asks nobody but the platform for anything.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen
from uuid import UUID

import brotli
import pytest
from django.urls import URLPattern, get_resolver, reverse
from django.urls.converters import get_converters
from playwright.sync_api import Browser, Page, Response, ViewportSize

from tests.architecture.test_routes import routes
from tests.browser.conftest import Demo, too_wide, violations
from tests.browser.english import chinese
from tests.browser.pages import EXAMPLES, NOT_A_PAGE, POST_ONLY, STATUS, VISITORS
from tests.browser.visitors import Visitors, Who
from tongban.design import display
from tongban.web.doors import Door

HTML_BUDGET, PAGE_BUDGET = 10 * 1024, 30 * 1024
"""Bytes, compressed with brotli: of the page itself, and of everything it needs to stand there."""
CONTENT = ("/evidence/", "/desk/cases/", "/static/site/guide/")
"""Where pictures come from that are the content of a page: papers people uploaded, pictures of the guide."""
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=640)


def _named() -> Iterator[tuple[str, URLPattern]]:
    resolver = get_resolver()
    for namespace, (_, inner) in sorted(resolver.namespace_dict.items()):
        for _, pattern in routes(inner):
            yield f"{namespace}:{pattern.name}", pattern


@cache
def names() -> dict[str, URLPattern]:
    """Return every named address of the resolver."""
    return dict(_named())


_ROLES: Mapping[str, Who] = {"reviewer": "reviewer", "auditor": "auditor", "operator": "operator"}


def door_of(pattern: URLPattern) -> Door:
    """Return whom the page lets in."""
    door: Door = pattern.callback.door  # type: ignore[attr-defined]  # the architecture test holds that there is one
    return door


def who_looks(name: str, pattern: URLPattern) -> tuple[Who, ...]:
    """Return who should look at the page: somebody of each kind its door lets in."""
    if chosen := VISITORS.get(name):
        return chosen
    door = door_of(pattern)
    if door.kind != "signed_in":
        return ("nobody",)
    if door.roles:
        return (next(who for role, who in _ROLES.items() if role in door.roles),)
    return ("natural", "legal") if door.realm is None else ("legal",) if door.realm == "legal" else ("natural",)


CASES = [
    pytest.param(name, who, id=f"{name}-{who}")
    for name, pattern in names().items()
    if name not in NOT_A_PAGE
    for who in who_looks(name, pattern)
]


@pytest.fixture(scope="module")
def visitors(chromium: Browser, demo: Demo) -> Iterator[Visitors]:
    """Everybody who looks at pages."""
    everybody = Visitors(chromium, demo)
    yield everybody
    everybody.close()


def look(page: Page, state: str) -> None:
    """Hold the page as it stands against the rules, at both widths and with text twice as large."""
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        assert violations(page) == [], (state, size, page.url)
        assert too_wide(page) == [], (state, size, page.url)
    page.set_viewport_size(WIDE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert too_wide(page) == [], (state, "200 %", page.url)
    page.evaluate("document.documentElement.style.fontSize = ''")


@cache
def compressed(url: str) -> int:
    """Return the bytes of a static file as a proxy sends it."""
    with urlopen(url, timeout=30) as answer:
        return len(brotli.compress(answer.read()))


def weigh(page: Page, response: Response) -> None:
    """Hold what the page made the browser fetch against the budgets."""
    html = len(brotli.compress(response.body()))
    assert html <= HTML_BUDGET, (page.url, html)
    page.wait_for_load_state()
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    fetched: list[tuple[str, int]] = page.evaluate(
        "performance.getEntriesByType('resource').map((one) => [one.name, one.encodedBodySize])"
    )
    assert [name for name, _size in fetched if not name.startswith((f"{origin}/", "data:", "blob:"))] == []
    needed = {name: size for name, size in fetched if not urlsplit(name).path.startswith(CONTENT)}
    weights = {name: compressed(name) if "/static/" in name else size for name, size in needed.items()}
    assert html + sum(weights.values()) <= PAGE_BUDGET, (page.url, html, weights)


def go(page: Page, path: str, *, status: int) -> Response:
    """Open the page and make sure that it is this one that shows."""
    response = page.goto(path)
    assert response
    assert (response.status, urlsplit(page.url).path) == (status, urlsplit(path).path)
    assert "text/html" in response.headers["content-type"]
    return response


def send_empty(page: Page) -> bool:
    """Send the page's own form without filling it in; return whether there is one that can be sent empty."""
    form = page.locator("main form[method=post]:has(input:not([type=hidden]), select, textarea)").first
    if not form.count():
        return False
    for control in form.locator("input, textarea").all():
        if control.is_visible() and control.get_attribute("type") not in {"checkbox", "radio", "file"}:
            control.fill("")
    with page.expect_navigation():
        form.locator("button:not([name]), button[name=act][value=submit]").last.click()
    return True


@pytest.mark.parametrize(("name", "who"), CASES)
def test_every_page(name: str, who: Who, visitors: Visitors) -> None:
    path = EXAMPLES[name](visitors, who) if name in EXAMPLES else reverse(name)
    context = visitors[who]
    page = context.new_page()
    try:
        weigh(page, go(page, path, status=STATUS.get(name, 200)))
        look(page, "normal")
        if send_empty(page):
            look(page, "after an empty form")
        here = urljoin(page.url, "/")  # a cookie belongs to the folder of its address
        context.add_cookies([{"name": display.COOKIE, "value": display.Mode.SENIOR, "url": here}])
        go(page, path, status=STATUS.get(name, 200))
        assert page.locator("html[data-mode=senior]").count()
        look(page, "senior")
    finally:
        context.clear_cookies(name=display.COOKIE)
        page.close()


@pytest.mark.parametrize(("name", "who"), CASES)
def test_every_page_in_english(name: str, who: Who, visitors: Visitors) -> None:
    path = EXAMPLES[name](visitors, who) if name in EXAMPLES else reverse(name)
    context = visitors[who]
    page = context.new_page()
    try:
        go(page, path, status=STATUS.get(name, 200))
        here = urljoin(page.url, "/")
        context.add_cookies([{"name": display.LANGUAGE_COOKIE, "value": "en", "url": here}])
        go(page, path, status=STATUS.get(name, 200))
        look(page, "English")
        assert chinese(page) == []
        if send_empty(page):
            look(page, "English, after an empty form")
            assert chinese(page) == []
    finally:
        context.clear_cookies(name=display.LANGUAGE_COOKIE)
        page.close()


_ANY = {"uuid": UUID(int=0), "slug": "x", "int": 1, "str": "x"}


def example(name: str, pattern: URLPattern) -> str:
    """Return an address of this name, about nothing that exists."""
    kinds = {type(converter): _ANY[kind] for kind, converter in get_converters().items() if kind in _ANY}
    return reverse(name, kwargs={key: kinds[type(one)] for key, one in pattern.pattern.converters.items()})


@pytest.mark.parametrize("name", sorted(NOT_A_PAGE))
def test_every_exemption_is_needed(name: str, visitors: Visitors) -> None:
    pattern = names()[name]
    for who in who_looks(name, pattern):
        answer = visitors[who].request.get(example(name, pattern), max_redirects=0)
        if NOT_A_PAGE[name] == POST_ONLY:
            assert answer.status == 405
        else:
            assert not (answer.ok and "text/html" in answer.headers.get("content-type", ""))


def test_every_example_is_of_a_page() -> None:
    assert (EXAMPLES.keys() | VISITORS.keys() | STATUS.keys()) - (names().keys() - NOT_A_PAGE.keys()) == set()
