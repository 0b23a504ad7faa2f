"""Registering, logging in and out, 账号安全: as people meet them, and as attackers do."""

from tests.journeys.people import PASSWORD, prove_phone
from tests.journeys.visitor import Visitor

PHONE = "13800138000"


def test_a_person_registers_and_logs_in(browser: Visitor) -> None:
    browser.get("/").click("用户登录").click("自然人登录").click("立即注册账号").click("自然人注册")
    assert browser.heading == "自然人注册"
    prove_phone(browser, PHONE)
    browser.fill({"登录名": "Zhang.San", "密码": PASSWORD, "确认密码": PASSWORD})
    browser.fill({"我已阅读并同意用户服务协议和个人信息保护告知书，且已年满 14 周岁": True})
    browser.submit("注册账号")
    assert browser.errors == []
    assert browser.path == "/log-in/natural/"
    assert "注册成功" in browser.text
    browser.fill({"登录名": "zhang.san", "密码": PASSWORD}).submit("登录", follow=False)
    assert (browser.status, browser.response["Location"]) == (302, "/account/")
