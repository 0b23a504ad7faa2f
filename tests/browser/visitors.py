"""Who looks at pages: each kind of person in a browser of their own, walked to where their pages show."""

import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import walk
from tests.browser.conftest import Demo

Who = Literal[
    "nobody", "natural", "agent", "brought", "transferred", "weak", "elsewhere", "legal", "waiting", "applicant",
    "returned", "suspended", "appealing", "appellant", "reviewer", "second", "auditor", "operator", "keyholder",
]  # fmt: skip


class Visitors:
    """The visitors of one demonstration. Each is made, and walks to where they stand, when first asked for."""

    def __init__(self, chromium: Browser, demo: Demo) -> None:
        self.demo = demo
        self.cases: dict[Who, str] = {}
        self.links_before: dict[Who, list[str]] = {}
        """The links that had been sent when a visitor began."""
        self._chromium = chromium
        self._contexts: dict[Who, BrowserContext] = {}

    def __getitem__(self, who: Who) -> BrowserContext:
        """Return the browser of a visitor."""
        if who not in self._contexts:
            context = self._chromium.new_context(
                base_url=self.demo.named if who == "keyholder" else self.demo.platform,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
            )
            context.set_default_timeout(30_000)
            self.links_before[who] = self.demo.links()
            page = context.new_page()
            _STARTS[who](page, self)
            page.close()
            self._contexts[who] = context
        return self._contexts[who]

    def forget(self, who: Who) -> None:
        """Let the visitor begin anew when next asked for."""
        self._contexts.pop(who).close()

    def case_of(self, who: Who) -> str:
        """Return the number of the case that `who` handed in."""
        assert self[who]
        return self.cases[who]

    def close(self) -> None:
        """End every browser."""
        for context in self._contexts.values():
            context.close()

    def account(self, **wanted: str) -> dict[str, str]:
        """Return the first account of the demonstration with these properties."""
        accounts: list[dict[str, str]] = self.demo.json("/demo/accounts.json")
        return next(one for one in accounts if wanted.items() <= one.items())

    def brought_over(self, outcome: str, number: int) -> dict[str, str]:
        """Return an account that was brought over from 火炬中心 with this outcome."""
        accounts: list[dict[str, str]] = self.demo.json("/demo/torch.json")
        return [one for one in accounts if one["outcome"] == outcome][number]


def claim(page: Page, number: str) -> str:
    """Let the member of staff whose `page` it is claim a case, unless they have; return the path of the case."""
    page.goto(f"/desk/?number={number}")
    expect(page).to_have_url(re.compile("/desk/cases/"))
    if page.get_by_role("button", name="领取本件", exact=True).count():
        walk.click(page, "领取本件")
        expect(page.get_by_role("heading", name="证明材料", exact=True)).to_be_visible()
    return str(page.evaluate("location.pathname"))


def _nothing(page: Page, visitors: Visitors) -> None:
    """Begin anywhere."""


def _verified(realm: str, window: str) -> Callable[[Page, Visitors], None]:
    def start(page: Page, visitors: Visitors) -> None:
        account = visitors.account(realm=realm, role="verified")
        walk.log_in(page, window, account["login_name"], account["password"])

    return start


def _act_for_unit(page: Page, visitors: Visitors) -> None:
    """Be a person whom a unit lets act for it."""
    account = visitors.account(login_name="demo-agent")
    walk.log_in(page, "自然人", account["login_name"], account["password"])


def _come_from_torch(page: Page, visitors: Visitors) -> None:
    """Be a person whose account was brought over, for the first time; the last of them: others are for other tests."""
    known = visitors.brought_over("E4", -1)
    walk.log_in(page, "自然人", known["expected_login"], known["password"])


def _log_in_elsewhere(page: Page, visitors: Visitors) -> None:
    """Log in to an account from a browser that it has not seen: its owner is told."""
    assert visitors["natural"]
    _verified("natural", "自然人")(page, visitors)


def _staff(login_name: str) -> Callable[[Page, Visitors], None]:
    return lambda page, visitors: walk.log_in_staff(page, visitors.demo, login_name)


_keyholders = count()


def _plug_in(page: Page) -> None:
    walk.plug_in(page)


def _hold_a_key(page: Page, visitors: Visitors) -> None:
    """Be a member of staff whose second factor is a passkey; every further page has an authenticator too."""
    page.context.on("page", _plug_in)
    walk.plug_in(page)
    walk.first_sign_in(page, visitors.demo, f"keyholder-{next(_keyholders)}")
    walk.click(page, "改用通行密钥")
    walk.click(page, "创建通行密钥并登录")
    expect(page.get_by_role("button", name="退出登录").first).to_be_visible()


def _wait(page: Page, visitors: Visitors) -> None:
    """Have a verification that the authority does not answer."""
    account = visitors.account(login_name="demo-newcomer")
    walk.log_in(page, "自然人", account["login_name"], account["password"])
    walk.verify_person(page, walk.free(visitors.demo, "people", "unavailable"))
    expect(page.get_by_role("main")).to_contain_text("核验中")


def _apply(page: Page, visitors: Visitors) -> None:
    """Be a person whom the authority does not know, and hand in pictures."""
    walk.register_natural(page, visitors.demo, "applicant-of-pages")
    walk.log_in(page, "自然人", "applicant-of-pages")
    walk.verify_person(page, walk.free(visitors.demo, "people", "no_record"))
    visitors.cases["applicant"] = _hand_in(page, "上传自然人信息", "证件正面", "证件反面")


def _be_returned(page: Page, visitors: Visitors) -> None:
    """Be a unit whom the authority does not know, whose pictures a reviewer sent back."""
    unit, agent = walk.free(visitors.demo, "units", "no_record"), walk.free(visitors.demo, "people", "match")
    walk.register_legal(page, visitors.demo, unit)
    walk.log_in(page, "法人", unit["uscc"])
    walk.verify_unit(page, unit, agent)
    number = _hand_in(page, "上传法人信息", "营业执照或登记证书", "授权书", "法定代表人证件")
    visitors.cases["returned"] = number
    desk = visitors["reviewer"].new_page()
    walk.decide(desk, number, "退回补正：图片不清晰或不完整")
    expect(desk.get_by_text("已提交。")).to_be_visible()
    desk.close()


def _be_suspended(page: Page, visitors: Visitors) -> None:
    """Be a person whose account an operator suspended."""
    walk.register_natural(page, visitors.demo, "suspended-of-pages")
    desk = visitors["operator"].new_page()
    path = find_account(desk, "suspended-of-pages") + "suspend/"
    walk.prove_again(desk, visitors.demo, "operator.one", path)
    walk.fill(desk, 理由="账号被他人使用。")
    walk.click(desk, "暂停使用账号")
    expect(desk.get_by_text("账号已暂停使用。")).to_be_visible()
    desk.close()
    walk.fill(page, 登录名="suspended-of-pages", 密码=walk.PASSWORD)
    walk.click(page, "登录")
    expect(page).to_have_url(re.compile("/log-in/suspended/"))


def find_account(page: Page, login_name: str) -> str:
    """Let the operator whose `page` it is find a natural person's account; return the path of its page."""
    page.goto("/desk/accounts/")
    walk.choose(page, "按什么查找", "自然人的登录名")
    walk.fill(page, 内容=login_name)
    walk.click(page, "查找")
    expect(page).to_have_url(re.compile("/desk/accounts/.+"))
    return str(page.evaluate("location.pathname"))


def _accept_terms(page: Page, visitors: Visitors) -> None:
    """Be another such person who has accepted the terms."""
    account = visitors.brought_over("E4", -2)
    walk.log_in(page, "自然人", account["expected_login"], account["password"])
    page.get_by_role("checkbox").check()
    walk.click(page, "同意并继续")
    expect(page.get_by_role("heading", name="代单位办理", exact=True)).to_be_visible()


def _have_weak_password(page: Page, visitors: Visitors) -> None:
    """Log in to such an account with a password that has to be replaced first."""
    account = visitors.brought_over("P1", -2)
    page.goto("/log-in/natural/")
    walk.fill(page, 登录名=account["expected_login"], 密码=account["password"])
    walk.click(page, "登录")
    expect(page).to_have_url(re.compile("/log-in/new-password/"))


def _fill_in_appeal(page: Page, visitors: Visitors) -> str:
    """Appeal as the verified person of the demonstration, up to 核对并提交; return the phone."""
    login_name = visitors.account(realm="natural", role="verified")["login_name"]
    people = visitors.demo.json("/demo/register.json")["people"]
    person = next(one for one in people if one["account"] == login_name)
    phone = walk.new_phone()
    page.goto("/recover/natural/appeal/")
    walk.fill(page, 姓名=person["name"], 证件号码=person["id_number"], 手机号码=phone, 申诉理由="手机号码停用了。")
    walk.prove_phone(page, visitors.demo, phone)
    walk.upload(page, "证件正面", "证件反面", "手持证件照")
    walk.click(page, "下一步")
    expect(page.get_by_role("heading", name="核对并提交")).to_be_visible()
    return phone


def _appeal(page: Page, visitors: Visitors) -> None:
    """Hand in an appeal, ask how it stands, and have it approved by two reviewers."""
    phone = _fill_in_appeal(page, visitors)
    walk.click(page, "提交申诉")
    expect(page.get_by_role("heading", name="申诉已提交")).to_be_visible()
    number = visitors.cases["appellant"] = case_number(page)
    page.goto("/recover/appeals/status/")
    walk.fill(page, 办件编号=number, 手机号码=phone)
    walk.prove_phone(page, visitors.demo, phone)
    walk.click(page, "查询")
    expect(page).to_have_url(re.compile("/recover/appeals/progress/"))
    desk = visitors["reviewer"].new_page()
    walk.decide(desk, number, "通过：本人或本单位，交还账号")
    expect(desk.get_by_text("已提交。")).to_be_visible()
    desk.close()
    colleague = visitors["second"].new_page()
    walk.second(colleague, number)
    expect(colleague.get_by_text("已确认，决定生效。")).to_be_visible()
    colleague.close()


def _hand_in(page: Page, way: str, *labels: str) -> str:
    """Upload a picture for each label and hand them in; return the number of the case."""
    walk.click(page, way)
    walk.agree(page)
    walk.upload(page, *labels)
    walk.click(page, "下一步")
    expect(page.get_by_role("heading", name="核对并提交")).to_be_visible()
    while page.get_by_role("link", name="刷新本页").count():
        page.wait_for_timeout(500)
        page.reload()
    walk.click(page, "提交审核")
    expect(page.get_by_role("heading", name="已提交人工审核")).to_be_visible()
    return case_number(page)


def case_number(page: Page) -> str:
    """Return the number of a case that the page shows."""
    found = re.search(r"TB-\d{4}-\w{4}-\w{4}", page.locator("main").inner_text())
    assert found
    return found.group()


_STARTS: Mapping[Who, Callable[[Page, Visitors], object]] = {
    "nobody": _nothing,
    "natural": _verified("natural", "自然人"),
    "agent": _act_for_unit,
    "brought": _come_from_torch,
    "elsewhere": _log_in_elsewhere,
    "legal": _verified("legal", "法人"),
    "waiting": _wait,
    "applicant": _apply,
    "returned": _be_returned,
    "suspended": _be_suspended,
    "appealing": _fill_in_appeal,
    "appellant": _appeal,
    "transferred": _accept_terms,
    "weak": _have_weak_password,
    "reviewer": _staff("reviewer.one"),
    "second": _staff("reviewer.two"),
    "auditor": _staff("auditor.one"),
    "operator": _staff("operator.one"),
    "keyholder": _hold_a_key,
}
