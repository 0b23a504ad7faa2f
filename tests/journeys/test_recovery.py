"""忘记密码: as people meet it who lost something, and as strangers who try to learn something from it."""

import re
from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from tests.journeys.people import PASSWORD, log_in, picture, sms, some_unit, somebody, texts
from tests.journeys.visitor import Visitor
from tests.moved_clock import MovedClock, moved_clock
from tests.unit.accounts.test_bind import bind_person
from tests.unit.proofing.people import unit
from tests.unit.recovery.people import verified_unit
from tongban.accounts.models import Account, Session
from tongban.accounts.rules import Realm
from tongban.notify.queries import messages_for

PHONE, UNIT_PHONE, NEW_PHONE = "13800000001", "13800000002", "13900000009"
USCC = "91110108MA00000070"
FREE_USCC = "91110108MADM000001"
NEW = "Korb-voll-reifer-Quitten"
NEUTRAL = "登录名或密码错误。请核对后重新输入；记不清密码的，请用“忘记密码”找回。多次失败后请稍候再试。"
WRONG = ["短信验证码不正确。请核对短信后重新输入。"]


@pytest.fixture
def clock() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        yield moved


def search(visitor: Visitor, login_name: str, *, realm: Realm = Realm.NATURAL) -> Visitor:
    visitor.get(f"/recover/{realm}/login-name/")
    return visitor.fill({"登录名": login_name, "验证码": picture(visitor)}).submit("检索登录名")


def ask_code(visitor: Visitor, phone: str = PHONE, **other: str) -> Visitor:
    return visitor.fill({"预留手机号": phone, **other}).submit("获取验证码")


def codes(phone: str) -> list[str]:
    """Return the SMS codes for a new password that the phone was sent."""
    return [text for text in texts(phone) if "重置密码，" in text]


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/account/security/").path == "/account/security/"


class TestResetting:
    def test_a_person_follows_the_guide(self, browser: Visitor, new_browser: Callable[[], Visitor]) -> None:
        somebody()
        elsewhere = log_in(new_browser(), Realm.NATURAL, "zhang.san")
        browser.get("/").click("用户登录").click("忘记密码")
        assert browser.heading == "忘记密码"
        browser.click("登录名重置密码", near="自然人")
        browser.fill({"登录名": "ZHANG.SAN", "验证码": picture(browser)}).submit("检索登录名")
        assert browser.errors == []
        browser.fill({"预留手机号": PHONE, "新密码": NEW}).submit("获取验证码")
        assert browser.errors == []
        assert "所填信息与账号一致的，验证码已发送至 138****0001" in browser.text
        assert browser.value("新密码") == NEW, "nothing typed is lost"
        browser.fill({"手机验证码": sms(PHONE)}).submit("确定")
        assert (browser.errors, browser.heading) == ([], "密码已重置")
        browser.click("确定并跳转至政务服务平台")
        assert browser.status == 200
        assert not is_signed_in(elsewhere)
        assert log_in(browser, Realm.NATURAL, "zhang.san").errors == [NEUTRAL]
        log_in(browser, Realm.NATURAL, "zhang.san", NEW)
        assert is_signed_in(browser)
        assert any("重置，所有设备已退出登录。不是您？" in text for text in texts(PHONE))
        assert "密码已重置" in [message.title for message in messages_for(Account.objects.get().id)]

    def test_a_unit_follows_the_guide(self, browser: Visitor) -> None:
        some_unit()
        browser.get("/log-in/legal/").click("忘记密码").click("登录名重置密码", near="法人")
        browser.fill({"登录名": "unit.one", "验证码": picture(browser)}).submit("检索登录名")
        browser.fill({"单位名称": "甲公司", "统一社会信用代码": USCC, "新密码": NEW})
        ask_code(browser, UNIT_PHONE)
        browser.fill({"手机验证码": sms(UNIT_PHONE)}).submit("确定")
        assert (browser.errors, browser.heading) == ([], "密码已重置")
        browser.click("法人登录")
        log_in(browser, Realm.LEGAL, "unit.one", NEW)
        assert is_signed_in(browser)

    def test_a_unit_says_who_it_is(self, browser: Visitor) -> None:
        some_unit()
        search(browser, "unit.one", realm=Realm.LEGAL)
        ask_code(browser, UNIT_PHONE)
        assert browser.errors == ["请输入单位名称。", "请输入统一社会信用代码。"]
        ask_code(browser, UNIT_PHONE, 单位名称="乙公司", 统一社会信用代码=USCC)
        assert browser.errors == []
        assert texts(UNIT_PHONE) == []

    def test_a_verified_unit_goes_by_its_verified_name(self, browser: Visitor) -> None:
        account = verified_unit()
        entries = unit()
        account.legal_profile.delete()
        search(browser, account.login_name, realm=Realm.LEGAL)
        phone = account.phone_text() or ""
        ask_code(browser, phone, 单位名称=entries.unit_name.value, 统一社会信用代码=entries.uscc.value)
        assert len(codes(phone)) == 1

    def test_whoever_is_signed_in_to_the_account_is_signed_out(self, browser: Visitor) -> None:
        somebody()
        log_in(browser, Realm.NATURAL, "zhang.san")
        search(browser, "zhang.san")
        ask_code(browser)
        browser.fill({"新密码": NEW, "手机验证码": sms(PHONE)}).submit("确定")
        assert browser.heading == "密码已重置"
        assert not is_signed_in(browser)
        assert not Session.objects.filter(account__isnull=False).exists()

    def test_another_account_stays_signed_in(self, browser: Visitor) -> None:
        somebody()
        somebody("li.si", NEW_PHONE)
        log_in(browser, Realm.NATURAL, "li.si")
        search(browser, "zhang.san")
        ask_code(browser)
        browser.fill({"新密码": NEW, "手机验证码": sms(PHONE)}).submit("确定")
        assert is_signed_in(browser)

    def test_the_new_password_obeys_the_rules(self, browser: Visitor) -> None:
        somebody()
        search(browser, "zhang.san")
        ask_code(browser)
        code = sms(PHONE)
        for weak in ("short", "zhang.san-zhang.san", f"x{PHONE}x"):
            browser.fill({"新密码": weak, "手机验证码": code}).submit("确定")
            assert len(browser.errors) == 1
            assert browser.errors != WRONG
        browser.fill({"新密码": NEW, "手机验证码": code}).submit("确定")
        assert browser.heading == "密码已重置", "a refused password does not cost the code"

    def test_the_unit_in_the_profile_must_not_stand_in_the_password(self, browser: Visitor) -> None:
        account = verified_unit()
        profile = account.legal_profile
        profile.unit_name, profile.unit_name_key = "丙丁戊己公司", "丙丁戊己公司"
        profile.save()
        entries = unit()
        search(browser, account.login_name, realm=Realm.LEGAL)
        phone = account.phone_text() or ""
        ask_code(browser, phone, 单位名称=entries.unit_name.value, 统一社会信用代码=entries.uscc.value)
        browser.fill({"新密码": "丙丁戊己公司-Quitten", "手机验证码": sms(phone)}).submit("确定")
        assert browser.errors[0].startswith("密码里不能有")

    def test_failed_log_ins_before_do_not_slow_the_next_one(self, browser: Visitor) -> None:
        somebody()
        for _ in range(5):
            log_in(browser, Realm.NATURAL, "zhang.san", "forgotten")
        search(browser, "zhang.san")
        ask_code(browser)
        browser.fill({"新密码": NEW, "手机验证码": sms(PHONE)}).submit("确定")
        log_in(browser, Realm.NATURAL, "zhang.san", NEW)
        assert is_signed_in(browser)

    def test_steps_cannot_be_left_out(self, browser: Visitor, clock: MovedClock) -> None:
        for path in ("/recover/new-password/", "/recover/done/"):
            assert browser.get(path).path == "/recover/"
        assert browser.get("/recover/legal/contact/asked/").path == "/recover/legal/contact/"
        search(browser, "zhang.san")
        clock.forward(minutes=29)
        assert browser.reload().path == "/recover/new-password/"
        clock.forward(minutes=1)
        assert browser.reload().path == "/recover/"


class TestKeepingStrangersOut:
    def test_a_stranger_is_told_what_the_owner_is_told_and_nothing_is_sent(
        self, browser: Visitor, new_browser: Callable[[], Visitor]
    ) -> None:
        somebody()
        told = []
        for visitor, name, phone in (
            (browser, "zhang.san", PHONE),
            (new_browser(), "zhang.san", NEW_PHONE),
            (new_browser(), "nobody.here", "13900000010"),
        ):
            search(visitor, name)
            ask_code(visitor, phone)
            told.append(re.sub(r"1\d\d\*{4}\d{4}|1\d{10}|nobody.here|zhang.san", "…", visitor.text))
        assert told[0] == told[1] == told[2]
        assert (len(texts(PHONE)), texts(NEW_PHONE), texts("13900000010")) == (1, [], [])

    def test_a_code_is_worth_nothing_elsewhere(self, browser: Visitor, new_browser: Callable[[], Visitor]) -> None:
        somebody()
        somebody("li.si", NEW_PHONE)
        search(browser, "zhang.san")
        ask_code(browser)
        code = sms(PHONE)
        thief = search(new_browser(), "zhang.san")
        thief.fill({"预留手机号": PHONE, "新密码": NEW, "手机验证码": code}).submit("确定")
        assert thief.errors == WRONG, "another browser"
        search(browser, "li.si")
        browser.fill({"预留手机号": PHONE, "新密码": NEW, "手机验证码": code}).submit("确定")
        assert browser.errors == WRONG, "another account"
        browser.fill({"预留手机号": NEW_PHONE, "新密码": NEW, "手机验证码": code}).submit("确定")
        assert browser.errors == WRONG, "another phone"
        browser.get("/register/natural/").fill({"手机号码": PHONE, "短信验证码": code, "登录名": "wang.wu"})
        browser.fill({"密码": NEW, "确认密码": NEW}).fill(
            {"我已阅读并同意用户服务协议和个人信息保护告知书，且已年满 14 周岁": True}
        ).submit("注册账号")
        assert browser.errors == WRONG, "another purpose"

    def test_a_code_works_once(self, browser: Visitor) -> None:
        somebody()
        search(browser, "zhang.san")
        ask_code(browser)
        code = sms(PHONE)
        browser.fill({"新密码": NEW, "手机验证码": code}).submit("确定")
        search(browser, "zhang.san")
        browser.fill({"预留手机号": PHONE, "新密码": NEW + "-2", "手机验证码": code}).submit("确定")
        assert browser.errors == ["短信验证码已使用或错误次数过多，不再有效。请重新获取。"]

    def test_one_picture_pays_for_the_first_code_and_each_further_one_costs_another(
        self, browser: Visitor, clock: MovedClock
    ) -> None:
        somebody()
        search(browser, "zhang.san")
        ask_code(browser)
        assert len(texts(PHONE)) == 1, "sent before the next code makes it worthless"
        clock.forward(minutes=2)
        ask_code(browser)
        assert browser.errors == ["请输入图片或音频中的验证码。看不清、听不清可以换一张。"]
        browser.reload()
        ask_code(browser, 验证码=picture(browser))
        assert browser.errors == []
        assert len(texts(PHONE)) == 2

    def test_five_codes_a_day(self, browser: Visitor, clock: MovedClock, settings: Settings) -> None:
        settings.SMS_RATES_PHONE = "1/min"
        somebody()
        for sent in (1, 2, 3, 4, 5, 5):
            search(browser, "zhang.san")
            ask_code(browser)
            assert len(codes(PHONE)) == sent
            clock.forward(minutes=5)
        assert "操作过于频繁" in browser.errors[0]
        search(browser, "zhang.san")
        ask_code(browser, NEW_PHONE)
        assert browser.errors == [], "what strangers try is counted apart"
        clock.forward(days=1)
        search(browser, "zhang.san")
        ask_code(browser)
        assert browser.errors == []

    def test_a_wrong_picture_finds_nothing(self, browser: Visitor) -> None:
        browser.get("/recover/natural/login-name/").fill({"登录名": "zhang.san", "验证码": "?"}).submit("检索登录名")
        assert browser.errors == ["验证码不正确或已失效。请按新的图片或音频重新输入。"]
        browser.submit("换一张")
        assert browser.path == "/recover/natural/login-name/"

    def test_an_account_long_unused_asks_for_the_document(self, browser: Visitor, clock: MovedClock) -> None:
        account = somebody()
        binding = bind_person(account)
        number = binding.identity().partition(":")[2]
        clock.forward(days=180)
        for wrong in ("", "00000X"):
            search(browser, "zhang.san")
            ask_code(browser, 证件号码后六位=wrong)
            assert browser.errors == []
            clock.forward(minutes=5)
        assert texts(PHONE) == []
        search(browser, "zhang.san")
        ask_code(browser, 证件号码后六位=number[-6:].lower())
        assert len(texts(PHONE)) == 1

    def test_a_unit_long_unused_asks_for_the_document_of_its_people(self, browser: Visitor, clock: MovedClock) -> None:
        account = verified_unit()
        entries = unit()
        phone = account.phone_text() or ""
        said = {"单位名称": entries.unit_name.value, "统一社会信用代码": entries.uscc.value}
        clock.forward(days=180)
        search(browser, account.login_name, realm=Realm.LEGAL)
        ask_code(browser, phone, **said)
        assert codes(phone) == []
        clock.forward(minutes=5)
        search(browser, account.login_name, realm=Realm.LEGAL)
        ask_code(browser, phone, **said, 证件号码后六位=entries.agent_document.number[-6:])
        assert len(codes(phone)) == 1

    def test_use_keeps_an_account_awake(self, browser: Visitor, clock: MovedClock) -> None:
        bind_person(somebody())
        clock.forward(days=100)
        log_in(browser, Realm.NATURAL, "zhang.san")
        clock.forward(days=100)
        search(browser, "zhang.san")
        ask_code(browser)
        assert len(texts(PHONE)) == 1


class TestAfterwards:
    def test_the_phone_stays_what_it_is_for_a_day(
        self, browser: Visitor, clock: MovedClock, settings: Settings
    ) -> None:
        settings.RECOVERY_QUIET_HOURS = 24
        somebody()
        search(browser, "zhang.san")
        ask_code(browser)
        browser.fill({"新密码": NEW, "手机验证码": sms(PHONE)}).submit("确定")
        log_in(browser, Realm.NATURAL, "zhang.san", NEW)
        clock.forward(minutes=5)
        browser.get("/account/security/phone/").submit("获取验证码")
        browser.fill({"密码": NEW, "短信验证码": sms(PHONE)}).submit("下一步")
        assert len(browser.errors) == 1
        assert "之后才能更换手机号码" in browser.errors[0]
        clock.forward(hours=24)
        log_in(browser, Realm.NATURAL, "zhang.san", NEW)
        browser.get("/account/security/phone/").submit("获取验证码")
        browser.fill({"密码": NEW, "短信验证码": sms(PHONE)}).submit("下一步")
        assert browser.errors == []

    def test_a_change_begun_before_waits_too(self, browser: Visitor, clock: MovedClock, settings: Settings) -> None:
        settings.RECOVERY_QUIET_HOURS = 24
        account = somebody()
        log_in(browser, Realm.NATURAL, "zhang.san")
        browser.get("/account/security/phone/").submit("获取验证码")
        browser.fill({"密码": PASSWORD, "短信验证码": sms(PHONE)}).submit("下一步")
        account.recoveries.create(way="appeal")
        browser.fill({"手机号码": NEW_PHONE}).submit("获取验证码")
        browser.fill({"短信验证码": sms(NEW_PHONE)}).submit("保存")
        assert "之后才能更换手机号码" in browser.errors[0]


class TestAskingForTheContact:
    def ask(self, visitor: Visitor, uscc: str = USCC) -> str:
        visitor.get("/recover/").click("查询单位联系人")
        visitor.fill({"统一社会信用代码": uscc, "验证码": picture(visitor)}).submit("检索")
        assert visitor.errors == []
        return visitor.text.replace(uscc, "…")

    def test_the_answer_is_the_same_and_the_contact_is_told(self, browser: Visitor) -> None:
        some_unit()
        known = self.ask(browser)
        assert known == self.ask(browser, FREE_USCC)
        assert "甲公司" not in known
        assert texts(UNIT_PHONE) == ["有人在查询甲公司账号的联系人，您是登记的联系人。如有同事询问，请核实身份后协助。"]

    def test_the_verified_account_is_the_unit(self, browser: Visitor) -> None:
        account = verified_unit()
        entries = unit()
        some_unit("rival", NEW_PHONE, uscc=entries.uscc.value)
        self.ask(browser, entries.uscc.value)
        assert "有人在查询北京示例科技有限公司账号的联系人" in texts(account.phone_text() or "")[0]
        assert texts(NEW_PHONE) == []

    def test_a_contact_is_not_pestered(self, browser: Visitor) -> None:
        some_unit()
        told = {self.ask(browser) for _ in range(5)}
        assert len(told) == 1
        assert len(texts(UNIT_PHONE)) == 3
