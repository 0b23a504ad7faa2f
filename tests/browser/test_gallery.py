"""The components in Chromium: no finding of axe, no sideways scroll, and the script does what it says."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import too_wide, violations
from tests.unit.design.gallery.opening import open_gallery
from tests.unit.design.gallery.urls import PAGES
from tongban.design import menus

WITH_FORMS = ("log-in", "register", "unit")


@pytest.fixture
def address(settings: Any) -> Iterator[str]:
    """The gallery on a port of its own, behind the strict content security policy."""
    open_gallery(settings)
    server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    yield f"http://127.0.0.1:{server.port}/gallery"
    server.terminate()
    menus.address.cache_clear()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of its own whose clock the test moves; complaints of the browser fail the test."""
    complaints: list[str] = []
    page = chromium.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.clock.install()
    yield page
    page.close()
    assert complaints == []


@pytest.mark.parametrize("mode", ["normal", "senior"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(chromium: Browser, address: str, width: int, mode: str) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "tongban_display", "value": mode, "url": address}])
    page = context.new_page()
    for name in PAGES:
        page.goto(f"{address}/{name}/")
        assert (name, violations(page), too_wide(page)) == (name, [], [])
        if name in WITH_FORMS:
            page.locator("form.panel .acts button").click()
            expect(page.locator(".error-summary")).to_be_focused()
            assert (name, violations(page), too_wide(page)) == (name, [], [])
    context.close()


def test_text_may_grow_to_twice_its_size(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 640, "height": 900})
    for name in PAGES:
        page.goto(f"{address}/{name}/")
        page.evaluate("document.documentElement.style.fontSize = '212.5%'")
        assert (name, too_wide(page)) == (name, [])
    page.close()


def test_the_skip_link_comes_first(page: Page, address: str) -> None:
    page.goto(f"{address}/home/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_password_can_be_shown_and_hidden(page: Page, address: str) -> None:
    page.goto(f"{address}/log-in/")
    page.get_by_role("button", name="显示密码").click()
    expect(page.get_by_label("密码", exact=True)).to_have_attribute("type", "text")
    page.get_by_role("button", name="隐藏密码").click()
    expect(page.get_by_label("密码", exact=True)).to_have_attribute("type", "password")


def test_a_code_is_sent_without_leaving_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/register/")
    left = []
    page.on("framenavigated", lambda frame: left.append(frame.url))
    page.get_by_label("密码", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title().startswith("错误：")
    page.get_by_label("手机号码").fill("138 0000 1234")
    page.get_by_label("验证码", exact=True).fill("k7px")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_label("短信验证码")).to_be_focused()
    expect(page.get_by_text("验证码已发送至 138****1234，请查收短信")).to_be_visible()
    button = page.get_by_role("button", name="秒后可重新获取")
    expect(button).to_have_attribute("aria-disabled", "true")
    page.clock.fast_forward(61_000)
    expect(page.get_by_role("button", name="获取验证码")).not_to_have_attribute("aria-disabled", "true")
    expect(page.get_by_label("密码", exact=True)).to_have_value("correct horse battery")
    assert not page.title().startswith("错误：")
    assert left == []


def test_a_code_is_sent_by_a_plain_form_too(chromium: Browser, address: str) -> None:
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"{address}/register/")
    page.get_by_label("密码", exact=True).fill("correct horse battery")
    page.get_by_label("手机号码").fill("13800001234")
    page.get_by_label("验证码", exact=True).fill("k7px")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_text("验证码已发送至 138****1234，请查收短信")).to_be_visible()
    expect(page.get_by_label("密码", exact=True)).to_have_value("correct horse battery")
    expect(page.locator(".error")).to_have_count(0)
    page.close()


def test_a_failed_call_falls_back_to_the_plain_form(page: Page, address: str) -> None:
    page.goto(f"{address}/register/")
    page.evaluate("void (window.fetch = () => Promise.reject(new TypeError('offline')))")
    page.get_by_label("手机号码").fill("13800001234")
    page.get_by_label("验证码", exact=True).fill("k7px")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_text("验证码已发送至 138****1234，请查收短信")).to_be_visible()


def test_enter_presses_the_final_button(page: Page, address: str) -> None:
    page.goto(f"{address}/register/")
    page.get_by_label("登录名").press("Enter")
    expect(page.locator(".error-summary li")).to_have_count(5)


def test_the_picture_changes_and_grows(page: Page, address: str) -> None:
    page.goto(f"{address}/register/")
    picture = page.get_by_alt_text("验证码图片")
    before = picture.get_attribute("src") or ""
    page.get_by_role("button", name="换一张").click()
    expect(picture).not_to_have_attribute("src", before)
    expect(page.get_by_label("验证码", exact=True)).to_be_focused()
    page.get_by_label("放大图片").check()
    box = picture.bounding_box()
    assert box
    assert box["width"] == 320


def test_the_end_of_a_session_is_announced_and_loses_nothing(page: Page, address: str) -> None:
    page.goto(f"{address}/register/")
    page.get_by_label("登录名").fill("zhangsan")
    page.clock.fast_forward(1_681_000)
    warning = page.locator("#session-end")
    expect(warning).to_contain_text("稍后将自动退出登录")
    assert violations(page) == []
    warning.get_by_role("button", name="继续").click()
    expect(warning).to_be_hidden()
    page.clock.fast_forward(1_801_000)
    expect(warning.get_by_text("您已退出登录")).to_be_visible()
    expect(page.get_by_label("登录名")).to_have_value("zhangsan")


def test_a_confirmation_prints_on_one_page(page: Page, address: str) -> None:
    page.goto(f"{address}/done/")
    assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") == 1
