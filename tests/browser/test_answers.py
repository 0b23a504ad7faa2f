"""Pages that only an answer shows, after something was done or was no longer possible: seen by axe like every page."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import walk
from tests.browser.conftest import Demo
from tests.browser.test_every_page import look

NewPage = Callable[[], Page]


@pytest.fixture
def new_page(chromium: Browser, demo: Demo) -> Iterator[NewPage]:
    """Return a function that opens a page in a browser of its own."""
    contexts: list[BrowserContext] = []

    def page() -> Page:
        context = chromium.new_context(base_url=demo.platform, locale="zh-CN", timezone_id="Asia/Shanghai")
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


def expect_seen(page: Page, heading: str) -> None:
    """The page with this heading stands there, and is looked at."""
    expect(page.get_by_role("heading", level=1, name=heading, exact=True)).to_be_visible()
    look(page, heading)


def test_the_link_that_is_shown_once(demo: Demo, new_page: NewPage) -> None:
    page = new_page()
    demo.command("staff", "create", "reset-of-answers", "--role", "reviewer")
    walk.prepare(demo, resets=["reset-of-answers"])
    secret = walk.give_staff_password(page, demo, "operator.three")
    walk.fill(page, 动态验证码=walk.app_code(secret))
    walk.click(page, "登录")
    expect(page.get_by_role("button", name="退出登录").first).to_be_visible()
    page.goto("/desk/staff/")
    panel = page.locator("main section").filter(has_text="reset-of-answers")
    panel.get_by_role("link", name="同意重置", exact=True).click()
    walk.fill(page, 动态验证码=walk.app_code(secret))
    walk.click(page, "同意重置")
    expect(page.get_by_role("main")).to_contain_text("/staff/invitations/")
    expect_seen(page, "一次性链接")


def test_not_me_and_its_spent_link(demo: Demo, new_page: NewPage) -> None:
    page = new_page()
    walk.register_natural(page, demo, "not-me-of-answers")
    for device in (page, new_page()):  # the second one is told of
        walk.log_in(device, "自然人", "not-me-of-answers")
    path = demo.newest_link("/not-me/")
    page.goto(path)
    walk.click(page, "不是我，退出全部设备")
    expect_seen(page, "已退出全部设备")
    page.goto(path)
    expect_seen(page, "链接已失效")


def test_a_stopped_appeal_and_its_dead_links(demo: Demo, new_page: NewPage) -> None:
    page, person, phone = new_page(), walk.free(demo, "people", "match"), walk.new_phone()
    owner = {"login_name": "stopped-of-answers", "phone": walk.new_phone(), "id_number": person["id_number"]}
    walk.prepare(demo, people=[owner])
    page.goto("/recover/natural/appeal/")
    walk.fill(page, 姓名=person["name"], 证件号码=person["id_number"], 手机号码=phone, 申诉理由="手机号码停用了。")
    walk.choose(page, "证件类型", person["document"])
    walk.prove_phone(page, demo, phone)
    walk.upload(page, "证件正面", "证件反面", "手持证件照")
    walk.click(page, "下一步")
    walk.click(page, "提交申诉")
    expect(page.get_by_role("heading", name="申诉已提交")).to_be_visible()
    found = re.search(r"TB-\d{4}-\w{4}-\w{4}", page.locator("main").inner_text())
    assert found
    first, second = new_page(), new_page()
    walk.log_in_staff(first, demo, "reviewer.one")
    walk.decide(first, found.group(), "本人或本单位，交还账号")
    walk.log_in_staff(second, demo, "reviewer.two")
    second.goto(f"/desk/?number={found.group()}")
    walk.click(second, "领取本件")
    expect(second.get_by_role("heading", name="待复核的意见")).to_be_visible()
    with second.expect_navigation():
        walk.access_key(second, "x")
    expect(second.get_by_role("heading", name="不同意", level=1)).to_be_visible()
    second.go_back()
    with second.expect_navigation():
        walk.access_key(second, "y")
    expect(second.get_by_text("已确认，决定生效。")).to_be_visible()
    stop, link = demo.newest_link("/recover/stop/"), demo.newest_link("/recover/link/")
    page.goto(stop)
    walk.click(page, "不是我办理的，阻止")
    expect_seen(page, "已阻止，申诉重新审核")
    page.goto(stop)
    expect_seen(page, "已经阻止")
    page.goto(link)
    expect_seen(page, "链接已经停用")
    page.goto("/recover/link/unknown/")
    expect_seen(page, "链接无效")


def test_logged_out_at_the_wish_of_a_business_system(demo: Demo, new_page: NewPage) -> None:
    page = new_page()
    walk.register_natural(page, demo, "leaving-of-answers")
    walk.log_in(page, "自然人", "leaving-of-answers")
    page.goto("/oidc/logout?client_id=tsme-talent")
    page.locator("main form[method=post] button").first.click()
    expect(page.locator("main h1")).to_be_visible()
    look(page, page.locator("main h1").inner_text())


def test_an_invitation_that_is_spent(demo: Demo, new_page: NewPage) -> None:
    page = new_page()
    page.goto("/staff/invitations/spent/")
    expect_seen(page, "链接已失效")
