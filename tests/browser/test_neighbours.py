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


def test_english_goes_along_from_the_platform_into_a_business_system_and_back(chromium: Browser, demo: Demo) -> None:
    context = chromium.new_context(base_url=demo.platform, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(30_000)
    accounts = demo.json("/demo/accounts.json")
    unit = next(one for one in accounts if one["realm"] == "legal" and one["role"] == "verified")
    page = context.new_page()
    walk.log_in(page, "法人", unit["login_name"], unit["password"])
    page.get_by_role("button", name="English", exact=True).click()
    page.goto("/services/high-tech-enterprise/")
    assert page.locator("h1").inner_text() == "High-tech enterprise accreditation"
    page.get_by_role("link", name="Start now", exact=True).click()
    agree = page.get_by_role("button", name="Agree and continue", exact=True)
    if agree.count():
        assert "To handle: High-tech enterprise accreditation" in page.get_by_role("main").inner_text()
        agree.click()
    hnte = f"http://127.0.0.1:{demo.port + 2}/"
    assert page.url == hnte
    look(page, hnte)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_text("You are acting for").is_visible()
    page.get_by_role("button", name="中文", exact=True).click()
    assert page.get_by_text("当前以").is_visible()
    page.get_by_role("button", name="English", exact=True).click()
    page.get_by_role("link", name="Back to the government service platform").click()
    assert page.locator("html").get_attribute("lang") == "en"
    context.close()


def test_english_goes_along_from_the_torch_site_to_the_platform(chromium: Browser, demo: Demo) -> None:
    torch = f"http://127.0.0.1:{demo.port + 1}"
    context = chromium.new_context(locale="zh-CN")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{torch}/")
    page.get_by_role("button", name="English", exact=True).click()
    for path in ("/", "/search/", "/search/person/"):
        look(page, torch + path)
        assert page.locator("html").get_attribute("lang") == "en"
    page.goto(f"{torch}/")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.get_by_role("link", name="Account search for the Ministry").click()
    dialog = page.get_by_role("dialog", name="Account search")
    dialog.get_by_role("button", name="Search", exact=True).click()
    alert = dialog.get_by_role("alert")
    assert "Enter the unified social credit code." in alert.inner_text()
    known = next(one for one in demo.json("/demo/torch.json") if one["outcome"] == "E1")
    dialog.get_by_label("Unified social credit code").fill(known["key"])
    answer = page.request.get(f"{torch}/demo/captcha.json").json()["answer"]
    dialog.get_by_label("Verification characters").fill(answer)
    dialog.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url(f"{torch}/search/found/")
    look(page, page.url)
    assert page.locator("h1").inner_text() == "Keep using your original username and password"
    page.get_by_role("link", name="Go to organisation sign-in").click()
    assert page.url.startswith(f"{demo.platform}/log-in/legal/")
    assert page.locator("h1").inner_text() == "Organisation sign-in"
    assert page.get_by_label("Username").input_value() == known["key"]
    context.close()
