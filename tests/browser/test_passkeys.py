"""Staff and their passkeys in Chromium, with an authenticator that Chromium itself simulates."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import walk
from tests.browser.conftest import PATIENCE, Demo, too_wide, violations

PROBLEM = "没有完成：您取消了，等待超时，或者这台设备上没有本账号的通行密钥。可以再点一次按钮。"


@pytest.fixture(params=[1280, 320])
def page(request: pytest.FixtureRequest, chromium: Browser, demo: Demo) -> Iterator[Page]:
    """A page at an address with a name, wide and narrow."""
    context = chromium.new_context(
        base_url=demo.named,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": request.param, "height": 800},
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def hold_against_the_rules(page: Page) -> None:
    assert violations(page) == []
    assert too_wide(page) == []


def give_password(page: Page, login_name: str) -> None:
    page.goto("/staff/log-in/")
    walk.fill(page, 登录名=login_name, 密码=walk.PASSWORD)
    walk.click(page, "登录")


def test_from_the_link_to_the_desk_and_back_by_passkey(page: Page, demo: Demo) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    name = f"keys-{width}"
    device = walk.plug_in(page)
    walk.first_sign_in(page, demo, name, "reviewer")
    walk.click(page, "改用通行密钥")
    expect(page.get_by_role("heading", name="绑定通行密钥", level=1)).to_be_visible()
    expect(page.get_by_text("需要 JavaScript")).to_be_hidden()
    hold_against_the_rules(page)
    walk.fill(page, 名称="办公室电脑")
    walk.click(page, "创建通行密钥并登录")
    expect(page.get_by_role("heading", name="办件队列", level=1)).to_be_visible()
    walk.click(page, "退出登录")
    give_password(page, name)
    expect(page.get_by_role("heading", name="第二重验证", level=1)).to_be_visible()
    expect(page.get_by_label("动态验证码", exact=True)).to_be_hidden()
    hold_against_the_rules(page)

    assert device.sites() == ["localhost"]
    device.recognises(its_person=False)
    walk.click(page, "用通行密钥登录")
    expect(page.get_by_text(PROBLEM)).to_be_visible()
    hold_against_the_rules(page)
    device.recognises(its_person=True)
    walk.click(page, "用通行密钥登录")
    expect(page.get_by_role("heading", name="办件队列", level=1)).to_be_visible()

    page.goto("/account/security/")
    expect(page.get_by_text("办公室电脑")).to_be_visible()
    walk.click(page, "添加通行密钥")
    walk.click(page, "创建通行密钥")
    expect(page.get_by_text("这台设备上已有本账号的通行密钥，不需要再创建。")).to_be_visible()
    page.goto("/account/security/")
    walk.click(page, "移除")
    walk.click(page, "移除")
    expect(page.get_by_text("这是您唯一的第二重验证")).to_be_visible()
    hold_against_the_rules(page)
    page.goto("/staff/confirm/?next=/desk/statistics/")
    walk.click(page, "用通行密钥确认")
    expect(page).to_have_url(re.compile("/desk/statistics/$"))


def test_without_javascript_the_pages_say_what_to_do(chromium: Browser, demo: Demo) -> None:
    with_script = chromium.new_context(base_url=demo.named, locale="zh-CN")
    page = with_script.new_page()
    walk.plug_in(page)
    walk.first_sign_in(page, demo, "keys-no-js", "reviewer")
    walk.click(page, "改用通行密钥")
    walk.click(page, "创建通行密钥并登录")
    expect(page.get_by_role("heading", name="办件队列", level=1)).to_be_visible()
    with_script.close()
    context: BrowserContext = chromium.new_context(base_url=demo.named, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    give_password(page, "keys-no-js")
    expect(page.get_by_text("使用通行密钥需要 JavaScript 和较新的浏览器。")).to_be_visible()
    expect(page.get_by_text("做不到的，请换一台设备，或者联系两位运维人员重置。")).to_be_visible()
    expect(page.get_by_role("button", name="用通行密钥登录")).to_be_hidden()
    context.close()


def test_at_an_address_of_numbers_the_page_says_so(chromium: Browser, demo: Demo) -> None:
    context = chromium.new_context(base_url=demo.platform, locale="zh-CN")
    page = context.new_page()
    walk.log_in_staff(page, demo, "operator.three")
    page.goto("/account/security/passkeys/new/")
    expect(page.get_by_text("这里不能创建通行密钥")).to_be_visible()
    assert violations(page) == []
    context.close()
