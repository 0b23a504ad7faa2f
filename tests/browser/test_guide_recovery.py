"""The printed guide, section （三） and failed 实名认证, word for word, with and without JavaScript."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import walk
from tests.browser.conftest import Demo

BADGE = "已实名认证"
NEW = "Korb-voll-reifer-Quitten"
VARIANTS = ("js", "no-js")


@dataclass(frozen=True, slots=True)
class Holder:
    """A verified account; `person` is its 自然人 or 经办人, `unit` its unit if legal, as the register has them."""

    login_name: str
    phone: str
    person: dict[str, str]
    unit: dict[str, str]


@pytest.fixture(scope="module")
def holders(demo: Demo) -> dict[str, Holder]:
    """Those who cannot get in, one for each test and variant; the name says the realm, the reason and the variant."""
    made = {}
    for realm, reason, variant in product(("natural", "legal"), ("forgot", "lost"), VARIANTS):
        name, person = f"{realm}-{reason}-{variant}", walk.free(demo, "people", "match")
        unit = walk.free(demo, "units", "match") if realm == "legal" else {}
        made[name] = Holder(name, walk.new_phone(), person, unit)
    common = {name: {"login_name": name, "phone": one.phone} for name, one in made.items()}
    people = [{**common[n], "id_number": one.person["id_number"]} for n, one in made.items() if not one.unit]
    units = [
        {**common[n], "uscc": one.unit["uscc"], "agent": one.person["id_number"]} for n, one in made.items() if one.unit
    ]
    walk.prepare(demo, people=people, units=units)
    return made


@pytest.fixture
def variant(request: pytest.FixtureRequest) -> str:
    """Which of `VARIANTS` runs."""
    return "js" if request.node.callspec.params["context"] else "no-js"


@pytest.fixture(scope="module")
def desks(chromium: Browser, demo: Demo) -> Iterator[list[Page]]:
    """Two reviewers at their desks."""
    contexts = []
    for name in ("reviewer.one", "reviewer.two"):
        context = chromium.new_context(base_url=demo.platform, locale="zh-CN", timezone_id="Asia/Shanghai")
        context.set_default_timeout(30_000)
        walk.log_in_staff(context.new_page(), demo, name)
        contexts.append(context)
    yield [context.pages[0] for context in contexts]
    for context in contexts:
        context.close()


@pytest.fixture
def elsewhere(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """The same person's other device."""
    context: BrowserContext = chromium.new_context(base_url=demo.platform, locale="zh-CN")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def number_on(page: Page) -> str:
    """Return the number of the case the page names."""
    found = re.search(r"TB-\d{4}-\w{4}-\w{4}", page.get_by_role("main").inner_text())
    assert found, page.url
    return found.group()


def forgotten(page: Page) -> None:
    """第一步，点击“用户登录”。第二步，点击“忘记密码”。"""
    page.goto("/")
    walk.click(page, "用户登录")
    walk.click(page, "忘记密码")


def part(page: Page, audience: str, words: str) -> None:
    """Click `words` under the heading of the audience."""
    section = page.get_by_role("main").locator("section").filter(has=page.get_by_role("heading", name=audience))
    section.get_by_role("link", name=words, exact=True).click()


def search(page: Page, login_name: str) -> None:
    """第四步，输入登录名、验证码，点击“检索登录名”。"""
    walk.fill(page, 登录名=login_name, 验证码=walk.captcha(page))
    walk.click(page, "检索登录名")


def take_code(page: Page, demo: Demo, phone: str) -> None:
    """Ask for the 手机验证码 and type it."""
    walk.click(page, "获取验证码")
    expect(page.get_by_text("已发送").first).to_be_visible()
    walk.fill(page, 手机验证码=demo.newest_code(phone))


def arrive(page: Page, demo: Demo, realm: str, login_name: str) -> None:
    """第六步，修改完成后点击“确定并跳转至政务服务平台”; the new password opens the account."""
    walk.click(page, "确定并跳转至政务服务平台")
    expect(page).to_have_url(f"{demo.platform}/")
    walk.log_in(page, realm, login_name, NEW)


def expect_ended(page: Page) -> None:
    """The session of the other device is over."""
    page.goto("/account/security/")
    assert "/log-in/" in page.url


def test_a_person_resets_by_login_name(
    page: Page, demo: Demo, holders: dict[str, Holder], variant: str, elsewhere: Page
) -> None:
    mine = holders[f"natural-forgot-{variant}"]
    walk.log_in(elsewhere, "自然人", mine.login_name)
    forgotten(page)
    part(page, "自然人", "登录名重置密码")
    search(page, mine.login_name)
    walk.fill(page, 预留手机号=mine.phone, 新密码=NEW)
    take_code(page, demo, mine.phone)
    walk.click(page, "确定")
    arrive(page, demo, "自然人", mine.login_name)
    expect_ended(elsewhere)


def test_a_unit_resets_by_login_name(
    page: Page, demo: Demo, holders: dict[str, Holder], variant: str, elsewhere: Page
) -> None:
    mine = holders[f"legal-forgot-{variant}"]
    walk.log_in(elsewhere, "法人", mine.login_name)
    forgotten(page)
    part(page, "法人", "登录名重置密码")
    search(page, mine.login_name)
    walk.fill(page, 预留手机号=mine.phone, 新密码=NEW)
    walk.fill(page, 单位名称=mine.unit["name"], 统一社会信用代码=mine.unit["uscc"])
    take_code(page, demo, mine.phone)
    walk.click(page, "确定")
    arrive(page, demo, "法人", mine.login_name)
    expect_ended(elsewhere)


def hand_in(page: Page, button: str, *labels: str) -> str:
    """请点击“上传…信息”上传有关证件照片，进行人工认证; return the number of the case."""
    walk.click(page, button)
    walk.agree(page)
    walk.upload(page, *labels)
    walk.click(page, "下一步")
    page.wait_for_load_state()
    while page.get_by_role("link", name="刷新本页", exact=True).count():  # the worker looks at the pictures
        page.wait_for_timeout(500)
        walk.click(page, "刷新本页")
    walk.click(page, "提交审核")
    expect(page.get_by_role("heading", name="已提交人工审核")).to_be_visible()
    return number_on(page)


def expect_verified(page: Page) -> None:
    """“我的信息” shows 已实名认证."""
    walk.open_my_information(page)
    expect(page.get_by_role("main").get_by_text(BADGE, exact=True).first).to_be_visible()


def test_a_person_is_verified_by_hand(page: Page, demo: Demo, desks: list[Page], variant: str) -> None:
    person = walk.free(demo, "people", "mismatch")
    walk.register_natural(page, demo, f"by-hand-{variant}")
    walk.log_in(page, "自然人", f"by-hand-{variant}")
    walk.verify_person(page, person)
    expect(page.get_by_role("main")).to_contain_text("上传自然人信息")
    number = hand_in(page, "上传自然人信息", "证件正面", "证件反面")
    walk.decide(desks[0], number, "材料齐全，与填写内容一致")
    expect_verified(page)


def test_a_unit_is_verified_by_hand(page: Page, demo: Demo, desks: list[Page]) -> None:
    unit, agent = walk.free(demo, "units", "no_record"), walk.free(demo, "people", "match")
    walk.register_legal(page, demo, unit)
    walk.log_in(page, "法人", unit["uscc"])
    walk.verify_unit(page, unit, agent)
    expect(page.get_by_role("main")).to_contain_text("上传法人信息")
    number = hand_in(page, "上传法人信息", "营业执照或登记证书", "授权书", "法定代表人证件")
    walk.decide(desks[0], number, "材料齐全，与填写内容一致")
    expect_verified(page)


def appeal(page: Page, demo: Demo, desks: list[Page], phone: str) -> None:
    """“下一步”等待审核; two reviewers agree, and the link that comes by SMS takes the new password."""
    walk.click(page, "下一步")
    walk.click(page, "提交申诉")
    expect(page.get_by_role("heading", name="申诉已提交")).to_be_visible()
    number = number_on(page)
    walk.decide(desks[0], number, "本人或本单位，交还账号")
    walk.second(desks[1], number)
    page.goto(link_sent_to(demo, phone))
    walk.fill(page, 新密码=NEW)
    walk.click(page, "确定")


def link_sent_to(demo: Demo, phone: str) -> str:
    """Return the one-time link in the SMS, waiting for the worker to send it."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for message in demo.json("/demo/outbox.json"):
            found = re.search(r"https?://\S+/recover/link/[\w-]+/", message["text"])
            if message["to"] == phone and found:
                return found.group()
        time.sleep(0.3)
    raise AssertionError(phone)


def test_a_person_appeals(
    page: Page, demo: Demo, desks: list[Page], *, holders: dict[str, Holder], variant: str, elsewhere: Page
) -> None:
    mine, phone = holders[f"natural-lost-{variant}"], walk.new_phone()
    walk.log_in(elsewhere, "自然人", mine.login_name)
    forgotten(page)
    walk.click(page, "自然人申诉找回密码")
    walk.fill(page, 姓名=mine.person["name"], 证件号码=mine.person["id_number"])
    walk.choose(page, "证件类型", mine.person["document"])
    walk.fill(page, 手机号码=phone, 申诉理由="原来的手机号码已经停用")
    walk.prove_phone(page, demo, phone)
    walk.upload(page, "证件正面", "证件反面", "手持证件照")
    appeal(page, demo, desks, phone)
    arrive(page, demo, "自然人", mine.login_name)
    expect_ended(elsewhere)


def test_a_unit_appeals(
    page: Page, demo: Demo, desks: list[Page], *, holders: dict[str, Holder], variant: str, elsewhere: Page
) -> None:
    mine, phone = holders[f"legal-lost-{variant}"], walk.new_phone()
    walk.log_in(elsewhere, "法人", mine.login_name)
    forgotten(page)
    walk.click(page, "单位法人用户申诉找回密码")
    walk.fill(page, 单位名称=mine.unit["name"], 验证码=walk.captcha(page))
    walk.click(page, "检索单位名称")
    walk.choose(page, "单位类型", mine.unit["unit_type"])
    walk.fill(page, 统一社会信用代码=mine.unit["uscc"], 法定代表人姓名=mine.unit["legal_representative"])
    walk.choose(page, "法定代表人证件类型", "居民身份证")
    walk.fill(page, 法定代表人证件号码=mine.unit["legal_representative_id"], 经办人姓名=mine.person["name"])
    walk.fill(page, 经办人手机号码=phone, 申诉理由="经办人已经离职，密码没有交接")
    walk.prove_phone(page, demo, phone)
    walk.upload(page, "证件正面", "证件反面", "营业执照", "授权书")
    appeal(page, demo, desks, phone)
    arrive(page, demo, "法人", mine.login_name)
    expect_ended(elsewhere)
