"""The business systems' pages in Chromium: as accessible, and as narrow, as the platform's."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import walk
from tests.browser.conftest import Demo, too_wide, violations

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


@pytest.fixture(params=["natural", "legal"])
def entered(request: pytest.FixtureRequest, chromium: Browser, demo: Demo) -> Iterator[tuple[str, BrowserContext]]:
    """A verified person, or unit, who has walked into what is open to them."""
    realm: str = request.param
    context = chromium.new_context(base_url=demo.platform, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(30_000)
    account = next(
        one for one in demo.json("/demo/accounts.json") if one["realm"] == realm and one["role"] == "verified"
    )
    page = context.new_page()
    walk.log_in(page, {"natural": "自然人", "legal": "法人"}[realm], account["login_name"], account["password"])
    services = ["talent-registration"] if realm == "natural" else ["high-tech-enterprise", "technology-sme"]
    for service in services:
        page.goto(f"/services/{service}/enter/")
        agree = page.get_by_role("button", name="同意并继续", exact=True)
        if agree.count():
            agree.click()
    page.close()
    yield realm, context
    context.close()


def look(page: Page, address: str) -> None:
    page.goto(address)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert violations(page) == [], address
        assert too_wide(page) == [], address


def test_behind_the_door(entered: tuple[str, BrowserContext], demo: Demo) -> None:
    realm, context = entered
    hnte, tsme = (f"http://127.0.0.1:{demo.port + step}" for step in (2, 3))
    page = context.new_page()
    for address in [f"{hnte}/", f"{tsme}/"] if realm == "legal" else [f"{tsme}/talent/"]:
        look(page, address)
        assert page.get_by_text("当前以").is_visible()
        assert page.get_by_role("button", name="退出登录", exact=True).is_visible()


def test_before_the_door(chromium: Browser, demo: Demo) -> None:
    hnte, tsme = (f"http://127.0.0.1:{demo.port + step}" for step in (2, 3))
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    paths = ("/", "/logged-out/", "/callback/?error=access_denied", "/initiate-login/?iss=x", "/nowhere/")
    for address in [*(f"{hnte}{path}" for path in paths), f"{tsme}/", f"{tsme}/talent/"]:
        look(page, address)
    context.close()


def test_pages_that_no_address_alone_shows(entered: tuple[str, BrowserContext], demo: Demo) -> None:
    """The platform's pages between the systems: refused, log in again, leaving, a broken request."""
    realm, context = entered
    page = context.new_page()
    client = {"natural": "tsme-talent", "legal": "hnte"}[realm]
    callback = f"http://127.0.0.1:{demo.port + 3}/talent/callback/"
    if realm == "legal":
        callback = f"http://127.0.0.1:{demo.port + 2}/callback/"
    begin = (
        f"/oidc/authorize?response_type=code&client_id={client}&redirect_uri={callback}&scope=openid"
        f"&code_challenge={'a' * 43}&code_challenge_method=S256"
    )
    other = {"natural": "high-tech-enterprise", "legal": "talent-registration"}[realm]
    headings = {
        f"/services/{other}/enter/": "面向",
        f"{begin}&prompt=login": "请重新登录",
        f"{begin}&prompt=consent": "同意向",
        f"/oidc/logout?client_id={client}": "退出登录",
        "/oidc/authorize": "这个登录请求有误",
    }
    for address, heading in headings.items():
        look(page, demo.platform + address)
        assert heading in page.locator("h1").inner_text()
