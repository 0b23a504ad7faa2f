"""What the look at every page needs to know about some addresses."""

import re
from collections.abc import Callable, Mapping
from itertools import count

from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.visitors import Visitors, Who, claim, find_account

POST_ONLY = "an act: answers to a POST only and leads to a page that is looked at"
PROTOCOL = "spoken by programs: JSON, or a redirect to a page that is looked at"
PICTURE = "a picture"
FILE = "a file to keep"
STEP = "leads on to a page that is looked at"

NOT_A_PAGE: Mapping[str, str] = {
    "accounts:decline-reset": POST_ONLY,
    "accounts:end-other-sessions": POST_ONLY,
    "accounts:end-session": POST_ONLY,
    "accounts:log-out": POST_ONLY,
    "challenge:picture": PICTURE,
    "challenge:audio": "a sound",
    "challenge:puzzle": "JSON for the script",
    "mandates:withdraw": POST_ONLY,
    "recovery:correct": POST_ONLY,
    "review:choose": STEP,
    "review:claim": POST_ONLY,
    "review:confirm": POST_ONLY,
    "review:next": POST_ONLY,
    "review:picture": PICTURE,
    "site:display": POST_ONLY,
    "site:livez": PROTOCOL,
    "site:metrics": PROTOCOL,
    "site:messages-read": POST_ONLY,
    "site:readyz": PROTOCOL,
    "sso:consent": POST_ONLY,
    "sso:discovery": PROTOCOL,
    "sso:jwks": PROTOCOL,
    "sso:log-in-again": POST_ONLY,
    "sso:log-out-confirmed": POST_ONLY,
    "sso:token": PROTOCOL,
    "sso:userinfo": PROTOCOL,
    "sso:withdraw": POST_ONLY,
    "transfer:openapi": PROTOCOL,
    "transfer:person-code": PROTOCOL,
    "transfer:person-search": PROTOCOL,
    "transfer:unit-search": PROTOCOL,
    "transfer:batch-rows": FILE,
    "transfer:ask-unit": POST_ONLY,
    "vault:evidence": PICTURE,
}
"""Addresses that answer no HTML page to a GET, each with the reason. One that is not needed fails a test."""

Place = Callable[[Visitors, Who], str]
"""Returns the path of an example that exists for the visitor, perhaps after a walk there."""


def _at(path: str) -> Place:
    return lambda visitors, who: path


def _linked(page: str, start: str) -> Place:
    """Return the first address on `page` that begins with `start` and goes on."""

    def place(visitors: Visitors, who: Who) -> str:
        visit = visitors[who].new_page()
        visit.goto(page)
        path = visit.locator(f"main a[href^='{start}']").first.get_attribute("href")
        visit.close()
        assert path, (page, start)
        return path

    return place


def _mine(rest: str = "") -> Place:
    """Return the visitor's own case, or a page below it."""
    return lambda visitors, who: f"/account/cases/{visitors.case_of(who)}/{rest}"


def _desk(rest: str = "") -> Place:
    """Return a case that the reviewer has claimed, as staff see it, or a page below it."""

    def place(visitors: Visitors, who: Who) -> str:
        page = visitors["reviewer"].new_page()
        path = claim(page, visitors.case_of("applicant"))
        page.close()
        return path + rest

    return place


_invited = count()


def _invitation(visitors: Visitors, who: Who) -> str:
    """Return a fresh link to a first sign-in, as who has the machine makes it."""
    made = visitors.demo.command("staff", "create", f"invited-{next(_invited)}", "--role", "reviewer")
    return made.strip().removeprefix(visitors.demo.platform)


def _walked(walk_there: Callable[[Page, Visitors], None]) -> Place:
    """Return where a walk of the visitor's ends."""

    def place(visitors: Visitors, who: Who) -> str:
        page = visitors[who].new_page()
        walk_there(page, visitors)
        path = str(page.evaluate("location.pathname"))
        page.close()
        return path

    return place


def _half_signed_in(page: Page, visitors: Visitors) -> None:
    walk.give_staff_password(page, visitors.demo, "senior.one")


def _enrol(page: Page, visitors: Visitors) -> None:
    page.goto(_invitation(visitors, "nobody"))
    walk.fill(page, 新密码=walk.PASSWORD, 确认密码=walk.PASSWORD)
    walk.click(page, "下一步")
    expect(page).to_have_url(re.compile("/staff/log-in/app/"))


def _enrol_passkey(page: Page, visitors: Visitors) -> None:
    _enrol(page, visitors)
    walk.click(page, "改用通行密钥")
    expect(page).to_have_url(re.compile("/staff/log-in/passkey/"))


def _own_key(page: Page, visitors: Visitors) -> str:
    page.goto("/account/security/")
    path = page.get_by_role("link", name="移除", exact=True).first.get_attribute("href")
    assert path
    return path


def _as_keyholder(find: Callable[[Page, Visitors], str]) -> Place:
    """Return a page of who has a passkey, after it was used once more."""

    def place(visitors: Visitors, who: Who) -> str:
        page = visitors[who].new_page()
        path = find(page, visitors)
        page.goto(path)
        if "/staff/confirm/" in page.url:
            page.close()
            visitors.forget(who)  # its authenticator went with the page it was made on: begin anew
            return place(visitors, who)
        page.close()
        return path

    return place


def _confirm_old_phone(page: Page, visitors: Visitors) -> None:
    account = visitors.account(realm="natural", role="verified")
    page.goto("/account/security/phone/")
    before = len(visitors.demo.codes(account["phone"]))
    walk.click(page, "获取验证码")
    expect(page.get_by_text("已发送").first).to_be_visible()
    code = visitors.demo.newest_code(account["phone"], after=before)
    walk.fill(page, 密码=account["password"], 短信验证码=code)
    walk.click(page, "下一步")
    expect(page).to_have_url(re.compile("/phone/new/"))


def _search_login_name(page: Page, visitors: Visitors) -> None:
    page.goto("/recover/legal/login-name/")
    walk.fill(page, 登录名="demo-unit", 验证码=walk.captcha(page))
    walk.click(page, "检索登录名")
    expect(page).to_have_url(re.compile("/recover/new-password/"))


def _reset_password(page: Page, visitors: Visitors) -> None:
    account = visitors.account(login_name="demo-unit")
    unit = visitors.demo.json("/demo/register.json")["units"][1]
    _search_login_name(page, visitors)
    walk.fill(page, 预留手机号=account["phone"], 单位名称=unit["name"], 统一社会信用代码=unit["uscc"])
    before = len(visitors.demo.codes(account["phone"]))
    walk.click(page, "获取验证码")
    expect(page.get_by_text("已发送").first).to_be_visible()
    code = visitors.demo.newest_code(account["phone"], after=before)
    walk.fill(page, 新密码=walk.PASSWORD, 手机验证码=code)
    walk.click(page, "确定")
    expect(page).to_have_url(re.compile("/recover/done/"))


def _ask_contact(page: Page, visitors: Visitors) -> None:
    unit = visitors.demo.json("/demo/register.json")["units"][0]
    page.goto("/recover/legal/contact/")
    walk.fill(page, 统一社会信用代码=unit["uscc"], 验证码=walk.captcha(page))
    walk.click(page, "检索")
    expect(page).to_have_url(re.compile("/contact/asked/"))


def _asks_consent(visitors: Visitors, who: Who) -> str:
    callback = f"http://127.0.0.1:{visitors.demo.port + 3}/talent/callback/"
    return (
        f"/oidc/authorize?response_type=code&client_id=tsme-talent&redirect_uri={callback}&scope=openid"
        f"&code_challenge={'a' * 43}&code_challenge_method=S256&prompt=consent"
    )


def _name_unit(page: Page, visitors: Visitors) -> None:
    page.goto("/recover/legal/appeal/")
    walk.fill(page, 单位名称="北京示例科技有限公司", 验证码=walk.captcha(page))
    walk.click(page, "检索单位名称")
    expect(page).to_have_url(re.compile("/appeal/details/"))


def _letter(visitors: Visitors, who: Who) -> str:
    _walked(_name_unit)(visitors, who)
    return "/recover/legal/appeal/letter/"


def _by_sms(start: str, *, because_of: Who) -> Place:
    """Return where the link leads that begins with `start` and was sent on account of a visitor."""

    def place(visitors: Visitors, who: Who) -> str:
        assert visitors[because_of]
        return visitors.demo.newest_link(start, besides=visitors.links_before[because_of])

    return place


def _account(rest: str = "") -> Place:
    """Return a suspended account as operators see it, or a page below it."""

    def place(visitors: Visitors, who: Who) -> str:
        assert visitors["suspended"]
        page = visitors[who].new_page()
        path = find_account(page, "suspended-of-pages") + rest
        walk.prove_again(page, visitors.demo, "operator.one", path)
        page.close()
        return path

    return place


_AGENT, _UNIT_LIST, _AGENT_LIST = "demo-agent", "/account/representatives/", "/account/mandates/"


def _offer(visitors: Visitors, who: Who) -> str:
    """Let the verified unit offer its agent once more, and return the offer as the agent sees it."""
    people = visitors.demo.json("/demo/register.json")["people"]
    agent = next(one for one in people if one["account"] == _AGENT)
    page = visitors["legal"].new_page()
    if not _waits(page, _UNIT_LIST):
        page.goto(_UNIT_LIST + "offer/")
        walk.fill(page, 姓名=agent["name"], 手机号码或登录名=_AGENT)
        page.get_by_label("高企认定", exact=True).check()
        walk.choose(page, "授权期限", "一个月")
        walk.click(page, "提出授权")
        expect(page).to_have_url(re.compile(f"{_UNIT_LIST}$"))
    page.close()
    return _linked(_AGENT_LIST, _AGENT_LIST + "offers/")(visitors, who)


def _request(visitors: Visitors, who: Who) -> str:
    """Let a person ask the verified unit, and return the request as the unit sees it."""
    page = visitors["natural"].new_page()
    if not _waits(page, _AGENT_LIST):
        page.goto(_AGENT_LIST + "request/")
        walk.fill(page, 统一社会信用代码=visitors.account(realm="legal", role="verified")["login_name"])
        page.get_by_label("高企认定", exact=True).check()
        walk.click(page, "提交申请")
        expect(page).to_have_url(re.compile(f"{_AGENT_LIST}$"))
    page.close()
    return _linked(_UNIT_LIST, _UNIT_LIST + "requests/")(visitors, who)


def _waits(page: Page, path: str) -> bool:
    """Return whether what one has proposed before still waits: the same is not proposed twice."""
    page.goto(path)
    return page.get_by_role("button", name="撤回").count() > 0


def _end(visitors: Visitors, who: Who) -> str:
    """Return where a mandate is ended."""
    page = visitors[who].new_page()
    page.goto(_UNIT_LIST if who == "legal" else _AGENT_LIST)
    path = page.locator("main a[href$='/end/']").first.get_attribute("href")
    page.close()
    assert path
    return path


def _asked_reset(visitors: Visitors, who: Who) -> str:
    """Return the request for a reset that another operator made."""
    walk.prepare(visitors.demo, resets=["auditor.one"])
    return _linked("/desk/staff/", "/desk/staff/resets/")(visitors, who)


EXAMPLES: Mapping[str, Place] = {
    "accounts:approve-reset": _asked_reset,
    "mandates:answer": _offer,
    "mandates:decide": _request,
    "mandates:end": _end,
    "accounts:account": _account(),
    "accounts:change-phone-new": _walked(_confirm_old_phone),
    "accounts:enrol-factor": _walked(_enrol),
    "accounts:enrol-passkey": _walked(_enrol_passkey),
    "accounts:new-app": _as_keyholder(lambda page, visitors: "/account/security/app/"),
    "accounts:new-passkey": _as_keyholder(lambda page, visitors: "/account/security/passkeys/new/"),
    "accounts:remove-passkey": _as_keyholder(_own_key),
    "accounts:invitation": _invitation,
    "accounts:lift": _account("lift/"),
    "accounts:not-me": _by_sms("/not-me/", because_of="elsewhere"),
    "accounts:request-reset": _linked("/desk/staff/", "/desk/staff/"),
    "accounts:second-factor": _walked(_half_signed_in),
    "accounts:suspend": _account("suspend/"),
    "catalogue:service": _at("/services/high-tech-enterprise/"),
    "recovery:appeal-details": _walked(_name_unit),
    "recovery:appeal-letter": _letter,
    "recovery:contact-asked": _walked(_ask_contact),
    "recovery:done": _walked(_reset_password),
    "recovery:link": _by_sms("/recover/link/", because_of="appellant"),
    "recovery:new-password": _walked(_search_login_name),
    "recovery:stop": _by_sms("/recover/stop/", because_of="appellant"),
    "review:answer": _mine("answer/"),
    "review:case": _desk(),
    "review:decision": _desk("decide/unclear_picture/1/"),
    "review:disagree": _desk("disagree/1/"),
    "review:hand-back": _desk("hand-back/"),
    "review:my-case": _mine(),
    "review:note": _desk("note/"),
    "review:pass-on": _desk("pass-on/"),
    "review:reopen": _desk("reopen/"),
    "review:step-back": _desk("step-back/"),
    "review:withdraw": _mine("withdraw/"),
    "site:message": _linked("/account/messages/", "/account/messages/"),
    "site:notice": _linked("/notices/", "/notices/"),
    "site:verification": _linked("/account/cases/", "/account/cases/"),
    "site:transfer-guide-part": _at("/help/transfer/units/"),
    "sso:act-as": lambda visitors, who: _asks_consent(visitors, who).replace("/authorize?", "/act-as?"),
    "sso:authorize": _asks_consent,
    "sso:enter": _at("/services/high-tech-enterprise/enter/"),
    "sso:logout": _at("/oidc/logout?client_id=tsme-talent"),
    "transfer:batch": _linked("/desk/transfers/", "/desk/transfers/"),
}
"""For addresses with parameters, or that show only after something: where to find an example."""

VISITORS: Mapping[str, tuple[Who, ...]] = {
    "mandates:answer": ("agent",),
    "mandates:end": ("agent", "legal"),
    "mandates:held": ("natural", "agent"),
    "accounts:change-phone-new": ("natural",),
    "accounts:replace-weak-password": ("weak",),
    "accounts:confirm-factor": ("operator", "keyholder"),
    "accounts:new-app": ("keyholder",),
    "accounts:new-passkey": ("keyholder",),
    "accounts:remove-passkey": ("keyholder",),
    "accounts:security": ("natural", "legal", "keyholder"),
    "accounts:suspended": ("suspended",),
    "proofing:check-evidence": ("returned",),
    "proofing:correct-entries": ("returned",),
    "proofing:evidence": ("returned",),
    "proofing:evidence-submitted": ("applicant",),
    "proofing:letter": ("returned",),
    "proofing:withdraw": ("waiting",),
    "recovery:appeal-check": ("appealing",),
    "recovery:object": ("suspended",),
    "recovery:progress": ("appellant",),
    "recovery:submitted": ("appellant",),
    "review:answer": ("returned",),
    "review:case": ("reviewer", "auditor"),
    "review:my-case": ("applicant", "returned"),
    "review:queue": ("reviewer", "auditor"),
    "review:withdraw": ("applicant",),
    "site:verification": ("natural", "waiting"),
    "sso:act-as": ("natural",),
    "sso:authorize": ("natural",),
    "sso:enter": ("natural",),
    "sso:logout": ("natural",),
    "transfer:first-log-in": ("brought", "transferred"),
    "transfer:phone": ("transferred",),
}
"""Who looks at a page, where the door alone does not tell."""

STATUS: Mapping[str, int] = {"sso:enter": 403}
"""Pages that say no: what they answer instead of 200."""
