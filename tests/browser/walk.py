"""What a person following the printed guide does: click words, fill labelled fields, read the SMS."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urljoin

import pyotp
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Demo
from tests.browser.paper import paper
from tongban.design import display

PASSWORD = "lantern-river-orchard-72"
_numbers = count(13_900_100_000)
_steps: dict[str, int] = {}


def new_phone() -> str:
    """Return a mobile number that no test has used."""
    return str(next(_numbers))


def click(page: Page, words: str) -> None:
    """Click the link or button that says exactly `words` (the first one: a page may repeat it in its menu)."""
    page.get_by_role("link", name=words, exact=True).or_(
        page.get_by_role("button", name=words, exact=True)
    ).first.click()


def fill(page: Page, **values: str) -> None:
    """Fill each field by its label, to the character."""
    for label, value in values.items():
        page.get_by_label(label, exact=True).fill(value)


def captcha(page: Page) -> str:
    """Return the answer of the 验证码 last shown to this visitor."""
    return str(page.request.get("/demo/captcha.json").json()["answer"])


def prove_phone(page: Page, demo: Demo, phone: str, *, label: str = "短信验证码") -> None:
    """Solve the 验证码, ask for an SMS code and type it."""
    before = len(demo.codes(phone))
    page.get_by_label("验证码", exact=True).fill(captcha(page))
    click(page, "获取验证码")
    expect(page.get_by_text("已发送").first).to_be_visible()
    page.get_by_label(label, exact=True).fill(demo.newest_code(phone, after=before))


def agree(page: Page) -> None:
    """Tick every consent the page asks for."""
    for box in page.get_by_role("checkbox").all():
        box.check()


def register_natural(page: Page, demo: Demo, login_name: str) -> None:
    """Guide 1-1: from the home page, unless the form is open already, to a natural person's account."""
    if not page.url.endswith("/register/natural/"):
        page.goto("/")
        click(page, "用户登录")
        click(page, "自然人登录")
        click(page, "立即注册账号")
        click(page, "自然人注册")
    phone = new_phone()
    fill(page, 登录名=login_name, 密码=PASSWORD, 确认密码=PASSWORD, 手机号码=phone)
    prove_phone(page, demo, phone)
    agree(page)
    click(page, "注册账号")
    expect(page).to_have_url(f"{demo.platform}/log-in/natural/")


def register_legal(page: Page, demo: Demo, unit: dict[str, str]) -> None:
    """Guide 2-1: from the home page, unless the form is open already, to a legal person's account."""
    if not page.url.endswith("/register/legal/"):
        page.goto("/")
        click(page, "用户登录")
        click(page, "立即注册账号")
        click(page, "单位用户（法人）注册")
    phone = new_phone()
    fill(
        page,
        登录名=unit["uscc"],
        密码=PASSWORD,
        确认密码=PASSWORD,
        单位名称=unit["name"],
        统一社会信用代码=unit["uscc"],
    )
    fill(page, 联系人姓名="林知远", 手机号码=phone)
    choose(page, "单位类型", unit["unit_type"])
    prove_phone(page, demo, phone)
    agree(page)
    click(page, "注册账号")
    expect(page).to_have_url(f"{demo.platform}/log-in/legal/")


def choose(page: Page, label: str, option: str) -> None:
    """Choose `option` of the labelled list, or the radio button that says it."""
    control = page.get_by_label(label, exact=True)
    if control.count() and control.first.evaluate("node => node.tagName") == "SELECT":
        control.first.select_option(label=option)
    else:
        page.get_by_role("radio", name=option, exact=True).check()


def log_in(page: Page, realm: str, login_name: str, password: str = PASSWORD) -> None:
    """Log in at the window of `realm` (自然人 or 法人), which may be open already."""
    if "/log-in/" not in page.url:
        page.goto("/")
        click(page, "用户登录")
        click(page, f"{realm}登录")
    _keep_language(page)
    fill(page, 登录名=login_name, 密码=password)
    click(page, "登录")
    expect(page.get_by_role("button", name="退出登录").first).to_be_visible()


def _keep_language(page: Page) -> None:
    """Choose the language of the window, unless one was chosen: the account may have been left in another."""
    if not any(cookie.get("name") == display.LANGUAGE_COOKIE for cookie in page.context.cookies(page.url)):
        here = urljoin(page.url, "/")
        page.context.add_cookies([{"name": display.LANGUAGE_COOKIE, "value": "zh-hans", "url": here}])


def open_my_information(page: Page) -> None:
    """在线办事 → 我的信息."""
    click(page, "在线办事")
    click(page, "我的信息")


def give_staff_password(page: Page, demo: Demo, login_name: str) -> str:
    """工作人员登录, first step; return the secret of the authenticator app."""
    account = next(one for one in demo.json("/demo/accounts.json") if one["login_name"] == login_name)
    page.goto("/staff/log-in/")
    fill(page, 登录名=login_name, 密码=account["password"])
    click(page, "登录")
    expect(page.get_by_label("动态验证码", exact=True)).to_be_visible()
    return str(account["totp_secret"])


def app_code(secret: str) -> str:
    """Return what the authenticator app shows, waiting for the next code when this one was used: it is taken once."""
    while _steps.get(secret) == (step := int(time.time()) // 30):
        time.sleep(0.2)
    _steps[secret] = step
    return pyotp.TOTP(secret).at(step * 30)


def log_in_staff(page: Page, demo: Demo, login_name: str) -> None:
    """工作人员登录: the password, then what the authenticator app shows; an app's code is taken once only."""
    secret = give_staff_password(page, demo, login_name)
    fill(page, 动态验证码=app_code(secret))
    click(page, "登录")
    expect(page.get_by_role("button", name="退出登录").first).to_be_visible()


def prove_again(page: Page, demo: Demo, login_name: str, path: str) -> None:
    """Open a page that asks for the second factor again after a while, and give it."""
    page.goto(path)
    if "/staff/confirm/" in page.url:
        account = next(one for one in demo.json("/demo/accounts.json") if one["login_name"] == login_name)
        fill(page, 动态验证码=app_code(str(account["totp_secret"])))
        click(page, "继续")
        expect(page).to_have_url(demo.platform + path)


@dataclass(frozen=True, slots=True)
class Device:
    """An authenticator that Chromium simulates for one page."""

    session: CDPSession
    id: str

    def recognises(self, *, its_person: bool) -> None:
        """Let the fingers on its sensor be, from now on, those of its person or of somebody else."""
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": its_person})

    def sites(self) -> list[str]:
        """Return the host names that it holds passkeys of."""
        found = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return [str(one["rpId"]) for one in found["credentials"]]


def plug_in(page: Page) -> Device:
    """Give the page an authenticator for passkeys with a finger always on its sensor."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Device(session, str(made["authenticatorId"]))


def first_sign_in(page: Page, demo: Demo, login_name: str, *roles: str) -> None:
    """Come by the one-time link of a new member of staff to where the second factor is tied, at `localhost`."""
    made = demo.command("staff", "create", login_name, *(word for role in roles for word in ("--role", role)))
    page.goto(demo.named + made.strip().removeprefix(demo.platform))
    fill(page, 新密码=PASSWORD, 确认密码=PASSWORD)
    click(page, "下一步")
    expect(page.get_by_role("heading", name="绑定动态验证码", level=1)).to_be_visible()


def access_key(page: Page, key: str) -> None:
    """Press Alt and the key, as Chromium hears it from a keyboard (Playwright's own `press` leaves the text out)."""
    session = page.context.new_cdp_session(page)
    pressed = {"modifiers": 1, "key": key, "code": f"Key{key.upper()}", "windowsVirtualKeyCode": ord(key.upper())}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", "unmodifiedText": key, **pressed})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **pressed})
    session.detach()


def decide(page: Page, number: str, reason: str) -> None:
    """A reviewer's work: find the case, claim it, choose the reason, confirm the decision."""
    page.goto("/desk/")
    fill(page, 办件编号=number)
    click(page, "按编号查找")
    click(page, "领取本件")
    for picture in page.locator("main img").all():
        assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)")
    page.get_by_role("radio", name=reason).check()
    click(page, "核对决定")
    click(page, "确认决定")


def second(page: Page, number: str) -> None:
    """The other pair of eyes: find what a colleague proposed, claim it and agree."""
    page.goto("/desk/")
    fill(page, 办件编号=number)
    click(page, "按编号查找")
    click(page, "领取本件")
    click(page, "同意")


def upload(page: Page, *labels: str) -> None:
    """Choose a picture for each field; the form is not sent."""
    for label in labels:
        picture = {"name": f"{label}.jpg", "mimeType": "image/jpeg", "buffer": paper(label)}
        page.get_by_label(label, exact=True).set_input_files(picture)  # type: ignore[arg-type]


def prepare(demo: Demo, **what: object) -> Any:
    """Let a process of its own make `what` (see `prepared.main`) beside the running demonstration."""
    environment = {
        **os.environ,
        "TONGBAN_PROFILE": "demo",
        "TONGBAN_HOME": str(demo.home),
        "TONGBAN_ADDRESS": demo.platform,
        "DJANGO_SETTINGS_MODULE": "tongban.config.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    script = "import django, json, sys; django.setup(); from tests.browser import prepared; "
    script += "prepared.main(json.loads(sys.argv[1]))"
    made = json.dumps({"password": PASSWORD, **what})
    ended = subprocess.run(
        [sys.executable, "-c", script, made], env=environment, stdout=subprocess.PIPE, text=True, timeout=90, check=True
    )
    return json.loads(ended.stdout.splitlines()[-1])


def verify_person(page: Page, person: dict[str, str], *, name: str | None = None) -> None:
    """Guide 1-2: fill in and save; the answer is not judged here."""
    open_my_information(page)
    click(page, "修改个人信息")
    fill(page, 姓名=name or person["name"])
    choose(page, "证件类型", person["document"])
    fill(page, 证件号码=person["id_number"])
    agree(page)
    click(page, "保存")


def verify_unit(page: Page, unit: dict[str, str], agent: dict[str, str]) -> None:
    """Guide 2-2: the three blocks and save."""
    open_my_information(page)
    click(page, "修改法人信息")
    fill(page, 单位名称=unit["name"], 统一社会信用代码=unit["uscc"])
    choose(page, "单位类型", unit["unit_type"])
    fill(page, 经办人姓名=agent["name"], 经办人证件号码=agent["id_number"], 经办人手机号码=new_phone())
    fill(page, 法定代表人姓名=unit["legal_representative"], 法定代表人证件号码=unit["legal_representative_id"])
    choose(page, "法定代表人证件类型", "居民身份证")
    agree(page)
    click(page, "保存")


_taken: set[str] = set()


def free(demo: Demo, kind: str, answer: str) -> dict[str, str]:
    """Return a person or unit of the demo register with this answer whom no account and no other test holds."""
    for entry in demo.json("/demo/register.json")[kind]:
        key = entry.get("uscc") or entry["id_number"]
        usual = entry.get("document", "居民身份证") == "居民身份证"
        if usual and entry["answer"] == answer and entry["account"] is None and key not in _taken:
            _taken.add(key)
            return dict(entry)
    raise AssertionError((kind, answer))
