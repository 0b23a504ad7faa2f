"""From the site of 火炬中心 to where every outcome of the account search leads: real-name verified, and 高企认定."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import walk
from tests.browser.conftest import Demo, too_wide, violations

BADGE = "已实名认证"
SEARCH = "科技部政务服务平台（个人/企业）账号检索"
STEPS = {
    "E0a": ("没有查到账号，请先注册", "注册法人单位账号"),
    "E0b": ("单位在政务服务平台已有账号，请直接登录", "前往法人登录"),
    "E1": ("继续使用原来的用户名和密码", "前往法人登录"),
    "E2": ("政务服务平台已有账号，登录名就是统一社会信用代码", "前往法人登录"),
    "E3": ("登录名前加了“HJ_”，密码没有变", "前往法人登录"),
    "E4": ("原账号已转为自然人账号，密码没有变", "前往自然人登录"),
    "P0": ("没有查到账号，请先注册", "注册自然人账号"),
    "P1": ("继续使用原来的账号和密码", "前往自然人登录"),
    "P2": ("政务服务平台已有账号，登录名就是手机号码", "前往自然人登录"),
    "P3": ("登录名前加了“HJ_”，密码没有变", "前往自然人登录"),
    "P4": ("您在政务服务平台已实名认证，请找回自己的账号", "自然人申诉找回密码"),
}
WITHOUT_SCRIPT = ("E0a", "E3", "E4", "P0", "P1", "P4")
"""One outcome for each kind of page it leads to."""
VIEWPORTS = ({"width": 1280, "height": 900}, {"width": 320, "height": 640})
Account = dict[str, str]


@pytest.fixture
def browse(chromium: Browser, demo: Demo) -> Iterator[Callable[[bool], Page]]:
    """Return the page of a fresh visitor, with or without JavaScript."""
    contexts: list[BrowserContext] = []

    def fresh(has_script: bool) -> Page:
        context = chromium.new_context(
            base_url=demo.platform, locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=has_script
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield fresh
    for context in contexts:
        context.close()


def torch(demo: Demo) -> str:
    return f"http://127.0.0.1:{demo.port + 1}"


def look(page: Page, *, has_script: bool) -> None:
    """Hold the page to what all pages are held to; axe is a script."""
    for size in VIEWPORTS if has_script else ():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert violations(page) == [], page.url
        assert too_wide(page) == [], page.url


def open_search(page: Page, demo: Demo, kind: str, *, has_script: bool) -> None:
    """Open the search from the home page: a dialog where there is JavaScript, else a page."""
    page.goto(f"{torch(demo)}/")
    look(page, has_script=has_script)
    walk.click(page, SEARCH)
    expect(page.get_by_label("统一社会信用代码", exact=True)).to_be_visible()
    assert page.locator("dialog[open]").count() == int(has_script)
    if kind == "个人":
        walk.click(page, kind)
        expect(page.get_by_label("手机号码", exact=True)).to_be_visible()


def captcha(page: Page, demo: Demo) -> str:
    return str(page.request.get(f"{torch(demo)}/demo/captcha.json").json()["answer"])


def search(page: Page, demo: Demo, account: Account, *, has_script: bool) -> None:
    """Search for the account as a visitor of the site does."""
    is_unit = account["outcome"].startswith("E")
    open_search(page, demo, "企业" if is_unit else "个人", has_script=has_script)
    walk.fill(page, **{"统一社会信用代码" if is_unit else "手机号码": account["key"]})
    walk.fill(page, 验证码=captcha(page, demo))
    if not is_unit:
        before = len(demo.codes(account["key"]))
        walk.click(page, "获取验证码")
        expect(page.get_by_text("验证码已发送").first).to_be_visible()
        walk.fill(page, 短信验证码=demo.newest_code(account["key"], after=before))
    walk.click(page, "检索")
    expect(page).to_have_url(f"{torch(demo)}/search/found/")


def log_in(page: Page, account: Account) -> None:
    """Log in where the next step led, with the login name that is filled in; agree to the terms when asked."""
    name = page.get_by_label("登录名", exact=True)
    expect(name).to_have_value("" if account["outcome"] in {"E0b", "P4"} else account["expected_login"])
    name.fill(account["expected_login"])
    walk.fill(page, 密码=account["password"])
    walk.click(page, "登录")
    expect(page.get_by_role("button", name="退出登录").first).to_be_visible()
    if page.get_by_role("heading", name="从火炬中心转来的账号").count():
        walk.agree(page)
        walk.click(page, "同意并继续")


def register(page: Page, demo: Demo, account: Account) -> None:
    """Register where the next step led, and log in."""
    if account["outcome"] == "E0a":
        walk.register_legal(page, demo, unit_of(demo, account))
        walk.log_in(page, "法人", account["key"])
    else:
        walk.register_natural(page, demo, f"walker-{account['key']}")
        walk.log_in(page, "自然人", f"walker-{account['key']}")


def unit_of(demo: Demo, account: Account) -> dict[str, str]:
    units: list[dict[str, str]] = demo.json("/demo/register.json")["units"]
    return next(unit for unit in units if unit["uscc"] == account["key"])


def enter(page: Page, name: str) -> None:
    """办理入口 into 高企认定, for the unit `name`."""
    page.goto("/")
    for words in ("服务事项", "法人单位", "高企认定", "办理入口"):
        walk.click(page, words)
    walk.click(page, "同意并继续")
    expect(page.get_by_text(name).first).to_be_visible()


def prove_phone(page: Page, demo: Demo, account: Account) -> None:
    """Prove the phone that came with the account, from the page of the first log-in."""
    before = len(demo.codes(account["phone"]))
    walk.click(page, "去确认手机号码")
    walk.click(page, "获取验证码")
    expect(page.get_by_text("已发送").first).to_be_visible()
    walk.fill(page, 短信验证码=demo.newest_code(account["phone"], after=before))
    walk.click(page, "确定")
    expect(page.get_by_text("手机号码已确认").first).to_be_visible()


def finish(page: Page, demo: Demo, account: Account) -> None:
    """Be verified, and enter a business system where the account acts for a unit."""
    outcome = account["outcome"]
    if outcome == "E4":
        prove_phone(page, demo, account)
    if outcome in {"E0a", "E0b", "E1", "E2", "E3"}:
        walk.verify_unit(page, unit_of(demo, account), walk.free(demo, "people", "match"))
    elif outcome != "P4":
        walk.verify_person(page, walk.free(demo, "people", "match"))
    else:
        walk.open_my_information(page)
    expect(page.get_by_text(BADGE, exact=True).first).to_be_visible()
    if outcome.startswith("E"):
        enter(page, unit_of(demo, account)["name"])


CASES = [(outcome, True) for outcome in STEPS] + [(outcome, False) for outcome in WITHOUT_SCRIPT]


@pytest.mark.parametrize(
    ("outcome", "has_script"), CASES, ids=[f"{name}-{'js' if script else 'no-js'}" for name, script in CASES]
)
def test_the_next_step_works_through(
    browse: Callable[[bool], Page], demo: Demo, outcome: str, has_script: bool
) -> None:
    page = browse(has_script)
    accounts = [one for one in demo.json("/demo/torch.json") if one["outcome"] == outcome]
    account = accounts[-1 if has_script else 0]  # the last of E2 was never verified
    search(page, demo, account, has_script=has_script)
    heading, step = STEPS[outcome]
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    steps = page.get_by_role("main").get_by_role("link")
    expect(steps).to_have_text([step])
    if outcome not in {"E0a", "E0b", "P0", "P4"}:
        expect(page.get_by_text(account["expected_login"], exact=True)).to_be_visible()
    look(page, has_script=has_script)
    steps.click()
    assert page.url.startswith(demo.platform)
    assert account["key"] not in page.url, "what identifies somebody stands in no address"
    if outcome in {"E0a", "P0"}:
        register(page, demo, account)
    else:
        if outcome == "P4":
            expect(page.get_by_role("heading", level=1)).to_have_text("自然人申诉找回密码")
            page.goto("/log-in/natural/")
        log_in(page, account)
    finish(page, demo, account)


@pytest.mark.parametrize("has_script", [True, False], ids=["js", "no-js"])
def test_the_search_says_what_is_wrong(browse: Callable[[bool], Page], demo: Demo, has_script: bool) -> None:
    page = browse(has_script)
    for kind, label in (("企业", "统一社会信用代码"), ("个人", "手机号码")):
        open_search(page, demo, kind, has_script=has_script)
        look(page, has_script=has_script)
        walk.click(page, "检索")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label(label, exact=True)).to_have_attribute("aria-invalid", "true")
        look(page, has_script=has_script)
        walk.fill(page, **{label: "911101"})
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("位")
        expect(page.get_by_label(label, exact=True)).to_have_value("911101")
    page.goto(f"{torch(demo)}/search/person/")
    look(page, has_script=has_script)
    page.goto(f"{torch(demo)}/nowhere/")
    look(page, has_script=has_script)


def test_the_dialog_can_be_left_by_keyboard(browse: Callable[[bool], Page], demo: Demo) -> None:
    page = browse(True)
    open_search(page, demo, "企业", has_script=True)
    expect(page.get_by_label("统一社会信用代码", exact=True)).to_be_focused()
    first = page.get_by_alt_text("验证码图片").get_attribute("src")
    walk.click(page, "换一张")
    expect(page.get_by_label("验证码", exact=True)).to_be_focused()
    assert page.get_by_alt_text("验证码图片").get_attribute("src") != first
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_role("link", name=SEARCH, exact=True)).to_be_focused()
    walk.click(page, SEARCH)
    walk.click(page, "关闭")
    expect(page.locator("dialog[open]")).to_have_count(0)
