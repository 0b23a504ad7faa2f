"""A reviewer decides twenty cases without a mouse: only keys are pressed, and the focus is always to be seen."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import walk
from tests.browser.conftest import Demo

CASES = 20
MOST_TABS = 12  # from where a page lets one begin to what one came for
REVIEWER = "reviewer.one"


@pytest.fixture(scope="module")
def numbers(demo: Demo) -> set[str]:
    """The numbers of the cases that wait."""
    return set(walk.prepare(demo, cases=CASES + 1))  # one is decided by access keys


@pytest.fixture
def page(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """A page whose mouse must not be used."""
    context = chromium.new_context(base_url=demo.platform, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        page.keyboard.press(key)


def lead_on(page: Page, *keys: str) -> None:
    """Press keys of which the last leads to another page."""
    press(page, *keys[:-1])
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called `name`."""
    for _ in range(MOST_TABS):
        if page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()") == name:
            return expect_focus_seen(page)
        page.keyboard.press("Tab")
    raise AssertionError(name)


def to_main(page: Page) -> None:
    """On a page just opened, leave out the menus by the link that is there for it."""
    if page.url.endswith("#main"):  # a form sent from there leads there again
        return
    press(page, "Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    press(page, "Enter")


def log_in(page: Page, demo: Demo, login_name: str = REVIEWER) -> None:
    """工作人员登录 by keyboard."""
    account = next(one for one in demo.json("/demo/accounts.json") if one["login_name"] == login_name)
    page.goto("/staff/log-in/")
    to_main(page)
    tab_to(page, "登录名")
    page.keyboard.type(account["login_name"])
    tab_to(page, "密码")
    page.keyboard.type(account["password"])
    lead_on(page, "Enter")
    to_main(page)
    tab_to(page, "动态验证码")
    page.keyboard.type(walk.app_code(account["totp_secret"]))
    lead_on(page, "Enter")


def expect_focus_seen(page: Page) -> None:
    """The focus lies in the window and is drawn."""
    seen = page.evaluate(
        """() => {
            const focused = document.activeElement, box = focused.getBoundingClientRect();
            return box.top >= 0 && box.bottom <= innerHeight && getComputedStyle(focused).outlineStyle !== "none";
        }"""
    )
    assert seen, page.url


def alt(page: Page, key: str) -> None:
    """Press an access key that leads to another page."""
    with page.expect_navigation():
        walk.access_key(page, key)


def test_access_keys_do_what_the_page_says(page: Page, demo: Demo, numbers: set[str]) -> None:
    log_in(page, demo, "reviewer.two")
    alt(page, "f")
    expect(page).to_have_url(re.compile(r"/desk/\?"))
    alt(page, "n")
    number = page.locator("h1").inner_text()
    alt(page, "m")
    expect(page.get_by_role("heading", name="添加备注", level=1)).to_be_visible()
    page.go_back()
    alt(page, "b")
    walk.fill(page, 说明="请同事办理")
    walk.click(page, "退还")
    expect(page.get_by_role("button", name="领取本件")).to_be_visible()
    alt(page, "c")
    walk.access_key(page, "r")
    expect(page.get_by_role("radio", name="材料齐全，与填写内容一致")).to_be_focused()
    press(page, "Space")
    alt(page, "d")
    expect(page.get_by_role("heading", name="核对决定", level=1)).to_be_visible()
    alt(page, "d")
    expect(page.get_by_text("已提交。").first).to_be_visible()
    alt(page, "q")
    expect(page.get_by_role("heading", name="办件队列")).to_be_visible()
    numbers.remove(number)


def test_twenty_cases_by_keyboard_alone(page: Page, demo: Demo, numbers: set[str]) -> None:
    log_in(page, demo)
    decided = []
    for place in range(CASES):
        to_main(page)
        tab_to(page, "领取下一件")
        lead_on(page, "Enter")
        decided.append(page.locator("h1").inner_text())
        to_main(page)
        tab_to(page, "跳到审核意见")
        press(page, "Enter")
        expect(page.get_by_role("radio", name="材料齐全，与填写内容一致")).to_be_focused()
        expect_focus_seen(page)
        is_returned = place % 4 == 3
        press(page, "ArrowDown" if is_returned else "Space")
        lead_on(page, "Enter")
        to_main(page)
        if is_returned:
            tab_to(page, "给办事人的说明")
            press(page, "Control+End")
            page.keyboard.type("反面请拍全。")
        tab_to(page, "确认决定")
        lead_on(page, "Enter")
        expect(page.get_by_text("已提交。").first).to_be_visible()
    assert set(decided) == numbers
    to_main(page)
    tab_to(page, "领取下一件")
    lead_on(page, "Enter")
    expect(page.get_by_role("heading", name="办件队列")).to_be_visible()
