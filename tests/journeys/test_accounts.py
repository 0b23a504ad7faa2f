"""Registering, logging in and out, 账号安全: as people meet them, and as attackers do."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import Settings

from tests.journeys.people import PASSWORD, WINDOW, log_in, picture, prove_phone, sms, some_unit, somebody, texts
from tests.journeys.visitor import Value, Visitor
from tests.moved_clock import MovedClock, moved_clock
from tongban.accounts import queries
from tongban.accounts.flows.bind import bind_unit
from tongban.accounts.models import Account, Consent, LegalProfile, Session
from tongban.accounts.rules import Realm
from tongban.accounts.views import log_in as log_in_views
from tongban.accounts.views import register as register_views
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.challenge.errors import CodeRejected
from tongban.design import menus
from tongban.kernel.assurance import AssuranceLevel
from tongban.kernel.names import UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.notify.queries import messages_for
from tongban.vault.purposes import Purpose

PHONE, OTHER_PHONE = "13800138000", "13900139000"
CONSENT = "我已阅读并同意用户服务协议和个人信息保护告知书，且已年满 14 周岁"
USCC = "91110108MA00000070"
REFUSED = ["登录名或密码错误。请核对后重新输入；记不清密码的，请用“忘记密码”找回。多次失败后请稍候再试。"]


@pytest.fixture
def clock() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        yield moved


def register_natural(visitor: Visitor, **other: str | bool) -> Visitor:
    """Fill in 自然人注册 properly, but for `other`, and send it."""
    visitor.get("/register/natural/")
    prove_phone(visitor, str(other.pop("phone", PHONE)))
    fields: dict[str, Value] = {"登录名": "zhang.san", "密码": PASSWORD, "确认密码": PASSWORD, CONSENT: True}
    return visitor.fill({**fields, **other}).submit("注册账号")


def register_legal(visitor: Visitor, **other: str | bool) -> Visitor:
    """Fill in 单位用户（法人）注册 properly, but for `other`, and send it."""
    visitor.get("/register/legal/")
    prove_phone(visitor, str(other.pop("phone", PHONE)))
    fields: dict[str, Value] = {
        "密码": PASSWORD,
        "确认密码": PASSWORD,
        "单位名称": "甲公司",
        "统一社会信用代码": USCC,
        "单位类型": "企业",
        "联系人姓名": "李四",
        CONSENT: True,
    }
    return visitor.fill({**fields, **other}).submit("注册账号")


def verify_unit(account: Account, *, uscc: str = USCC, name: str = "甲公司") -> None:
    """Let the account be verified for the unit, as the proofing room does."""
    bind_unit(
        actor=Actor.system(),
        account=account,
        uscc=Uscc.parse(uscc),
        unit_name=UnitName.parse(name),
        unit_type=UnitType.ENTERPRISE,
        assurance=AssuranceLevel.CROSS_CHECKED,
    )


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/account/security/").path == "/account/security/"


class TestRegistering:
    def test_a_person_registers_and_logs_in(self, browser: Visitor) -> None:
        browser.get("/").click("用户登录").click("自然人登录").click("立即注册账号").click("自然人注册")
        assert browser.heading == "自然人注册"
        prove_phone(browser, PHONE)
        browser.fill({"登录名": "Zhang.San", "密码": PASSWORD, "确认密码": PASSWORD, CONSENT: True}).submit("注册账号")
        assert browser.errors == []
        assert browser.path == "/log-in/natural/"
        assert "注册成功" in browser.text
        assert not is_signed_in(browser), "registration does not sign in"
        log_in(browser, Realm.NATURAL, "ＺＨＡＮＧ.san")
        assert is_signed_in(browser)
        account = Account.objects.get()
        assert account.login_name == "Zhang.San"
        assert {(consent.text, consent.version) for consent in Consent.objects.all()} == {
            ("terms", "2026-11-01"),
            ("privacy", "2026-11-01"),
        }

    def test_a_unit_registers_under_its_code(self, browser: Visitor) -> None:
        browser.get("/log-in/").click("法人登录").click("立即注册账号").click("单位用户（法人）注册")
        assert browser.heading == "单位用户（法人）注册"
        register_legal(browser)
        assert (browser.errors, browser.path) == ([], "/log-in/legal/")
        log_in(browser, Realm.LEGAL, USCC.lower())
        assert is_signed_in(browser)
        profile = LegalProfile.objects.get()
        assert (profile.unit_name, profile.uscc, profile.unit_type) == ("甲公司", USCC, "enterprise")
        assert profile.contact_name is not None
        assert profile.contact_name.reveal(Purpose.SHOW_OWNER) == "李四"

    def test_every_sms_costs_a_picture(self, browser: Visitor) -> None:
        browser.get("/register/natural/").fill({"手机号码": PHONE}).submit("获取验证码")
        assert browser.errors == ["请输入图片或音频中的验证码。看不清、听不清可以换一张。"]
        browser.fill({"手机号码": PHONE, "验证码": "?"}).submit("获取验证码")
        assert browser.errors == ["验证码不正确或已失效。请按新的图片或音频重新输入。"]
        assert texts(PHONE) == []
        answer = picture(browser)
        browser.fill({"手机号码": PHONE, "验证码": answer}).submit("获取验证码")
        assert "验证码已发送至 138****8000" in browser.text
        browser.fill({"验证码": answer}).submit("获取验证码")
        assert browser.errors == ["验证码不正确或已失效。请按新的图片或音频重新输入。"], "a picture works once"
        assert len(texts(PHONE)) == 1

    def test_sms_to_one_phone_are_limited(self, browser: Visitor) -> None:
        browser.get("/register/natural/")
        prove_phone(browser, PHONE)
        browser.fill({"验证码": picture(browser)}).submit("获取验证码")
        assert len(browser.errors) == 1
        assert browser.errors[0].startswith("操作过于频繁")

    def test_nothing_typed_is_lost_while_a_code_is_sent(self, browser: Visitor) -> None:
        browser.get("/register/legal/").fill({"登录名": "unit.one", "密码": PASSWORD, "确认密码": "other"})
        browser.fill({"单位名称": "甲公司", "单位类型": "事业单位", "手机号码": PHONE, "验证码": picture(browser)})
        browser.submit("获取验证码")
        assert browser.errors == []
        kept = ("登录名", "密码", "确认密码", "单位名称", "单位类型", "手机号码")
        assert [browser.value(label) for label in kept] == [
            "unit.one",
            PASSWORD,
            "other",
            "甲公司",
            "事业单位",
            PHONE,
        ]
        assert "no-store" in browser.response["Cache-Control"]

    def test_another_picture_loses_nothing(self, browser: Visitor) -> None:
        browser.get("/register/natural/").fill({"登录名": "zhang.san", "密码": PASSWORD}).submit("换一张")
        assert browser.errors == []
        assert browser.value("登录名") == "zhang.san"

    def test_without_anything_every_field_says_what_to_do(self, browser: Visitor) -> None:
        browser.get("/register/legal/").submit("注册账号")
        assert len(browser.errors) == 9
        assert "请阅读并勾选同意后继续。" in browser.errors

    def test_everything_wrong_is_said_at_once_and_in_the_order_of_the_page(self, browser: Visitor) -> None:
        browser.get("/register/natural/").fill({"登录名": "ab", "密码": "short", "确认密码": "other"})
        browser.fill({"手机号码": "1381111"}).submit("注册账号")
        assert [error[:4] for error in browser.errors] == [
            "登录名应",
            "密码至少",
            "两次输入",
            "手机号码",
            "请输入短",
            "请阅读并",
        ]

    def test_a_name_like_a_phone_is_judged_when_the_phone_is_known(self, browser: Visitor) -> None:
        browser.get("/register/natural/").fill({"登录名": PHONE, "手机号码": "138"}).submit("注册账号")
        assert not [error for error in browser.errors if "登录名" in error]

    @pytest.mark.parametrize(
        ("other", "sentence"),
        [
            ({"登录名": "abc"}, "登录名应为 4 到 32 个字符"),
            ({"登录名": "zhang san"}, "登录名里不能有“ ”"),
            ({"登录名": "HJ_zhangsan"}, "以 HJ_ 开头的登录名"),
            ({"登录名": "ｈｊ＿zhangsan"}, "以 HJ_ 开头的登录名"),
            ({"登录名": OTHER_PHONE}, "像是手机号码"),
            ({"登录名": USCC}, "不能作自然人的登录名"),
            ({"登录名": "11010519491231002X"}, "不能作自然人的登录名"),
            ({"密码": "short", "确认密码": "short"}, "密码至少 12 个字符"),
            ({"密码": "password1234", "确认密码": "password1234"}, "这个密码太常见"),
            ({"密码": "I am zhang.san!", "确认密码": "I am zhang.san!"}, "密码里不能有登录名"),
            ({"密码": f"my-{PHONE}-phone", "确认密码": f"my-{PHONE}-phone"}, "密码里不能有登录名"),
            ({"确认密码": "Zwei-Birnen-im-korb"}, "两次输入的密码不一致"),
            ({"短信验证码": "12345"}, "短信验证码是短信中的 6 位数字"),
            ({CONSENT: False}, "请阅读并勾选同意后继续"),
        ],
    )
    def test_what_is_wrong_is_said(self, browser: Visitor, other: dict[str, Any], sentence: str) -> None:
        register_natural(browser, **other)
        assert len(browser.errors) == 1
        assert sentence in browser.errors[0]
        assert not Account.objects.exists()

    def test_the_page_says_the_rules_that_are_in_force(self, browser: Visitor, settings: Settings) -> None:
        settings.PASSWORD_LENGTH = 10
        assert "至少 10 个字符，可以用一句只有您知道的话" in browser.get("/register/natural/").text
        settings.PASSWORD_COMPOSITION = 3
        assert (
            "至少 10 个字符，包含大写字母、小写字母、数字、其他字符中的至少 3 种"
            in browser.get("/register/legal/").text
        )
        register_natural(browser, 密码="lantern river", 确认密码="lantern river")
        assert browser.errors == ["密码须包含大写字母、小写字母、数字、其他字符中的至少 3 种。请补上缺少的。"]

    def test_the_proved_phone_may_be_the_login_name(self, browser: Visitor) -> None:
        register_natural(browser, 登录名="138-0013-8000")
        assert browser.errors == []
        assert Account.objects.get().login_name_key == "138-0013-8000"

    def test_a_units_login_name_may_be_its_own_code_only(self, browser: Visitor) -> None:
        register_legal(browser, 登录名="12110000000000000K")
        assert browser.errors == [
            "这个登录名像是统一社会信用代码，但与您填写的代码不同。用代码作登录名时，两处须一致。"
        ]

    def test_a_code_for_one_phone_proves_no_other(self, browser: Visitor) -> None:
        browser.get("/register/natural/")
        prove_phone(browser, PHONE)
        browser.fill({"手机号码": OTHER_PHONE, "登录名": "zhang.san", "密码": PASSWORD, "确认密码": PASSWORD})
        browser.fill({CONSENT: True}).submit("注册账号")
        assert browser.errors == ["短信验证码不正确。请核对短信后重新输入。"]

    def test_whether_a_name_is_free_is_told_after_the_sms_only(self, browser: Visitor) -> None:
        somebody("zhang.san", OTHER_PHONE)
        browser.get("/register/natural/").fill({"登录名": "Zhang.San", "密码": PASSWORD, "确认密码": PASSWORD})
        browser.fill({"手机号码": PHONE, "短信验证码": "123456", CONSENT: True}).submit("注册账号")
        assert browser.errors == ["短信验证码不正确。请核对短信后重新输入。"]
        prove_phone(browser, PHONE)
        browser.submit("注册账号")
        assert browser.errors == ["登录名已被注册。请换一个。"]
        browser.fill({"登录名": "zhang.san2"}).submit("注册账号")
        assert browser.errors == [], "the code lives on: no second SMS for a second name"
        assert len(texts(PHONE)) == 1

    def test_a_spent_code_opens_no_second_account(self, browser: Visitor, new_browser: Callable[[], Visitor]) -> None:
        register_natural(browser)
        code = sms(PHONE)
        browser.get("/register/natural/").fill({"登录名": "zhang.two", "密码": PASSWORD, "确认密码": PASSWORD})
        browser.fill({"手机号码": PHONE, "短信验证码": code, CONSENT: True}).submit("注册账号")
        assert browser.errors == ["短信验证码已使用或错误次数过多，不再有效。请重新获取。"]

    def test_a_realm_has_its_own_names(self, browser: Visitor) -> None:
        somebody("zhang.san", OTHER_PHONE, Realm.LEGAL)
        assert register_natural(browser).errors == []

    def test_a_claimed_unit_stays_free_and_a_verified_one_is_taken(
        self, new_browser: Callable[[], Visitor], clock: MovedClock
    ) -> None:
        owner = some_unit("owner", OTHER_PHONE)
        assert register_legal(new_browser(), 登录名="second").errors == []
        verify_unit(owner)
        for other in ({"单位名称": "乙公司"}, {"统一社会信用代码": "51110000000000000J"}):
            clock.forward(hours=1)
            errors = register_legal(new_browser(), 登录名="third", **other).errors
            assert len(errors) == 1
            assert errors[0].startswith("单位名称已被注册")

    def test_rivals_of_a_verified_unit_are_released_and_told(self) -> None:
        owner, rival = some_unit("owner", OTHER_PHONE), some_unit("rival", PHONE)
        bystander = some_unit("bystander", "13700137000", uscc="12110000000000000K", name="乙大学")
        verify_unit(owner)
        released = {profile.account_id for profile in LegalProfile.objects.filter(released_at__isnull=False)}
        assert released == {rival.id}
        assert [message.title for message in messages_for(rival.id)] == ["填写的身份信息已被释放"]
        assert not list(messages_for(owner.id))
        assert not list(messages_for(bystander.id))

    def test_children_are_told_what_is_possible(self, browser: Visitor) -> None:
        browser.get("/register/natural/").click("未满 14 周岁怎么办")
        assert "监护人" in browser.text
        browser.click("返回用户注册")
        assert browser.heading == "用户注册"

    def test_who_wanted_to_go_somewhere_gets_there(self, browser: Visitor) -> None:
        browser.get("/account/security/")
        assert browser.path == "/log-in/?next=/account/security/"
        browser.click("立即注册账号").click("自然人注册")
        prove_phone(browser, PHONE)
        browser.fill({"登录名": "zhang.san", "密码": PASSWORD, "确认密码": PASSWORD, CONSENT: True}).submit("注册账号")
        browser.fill({"登录名": "zhang.san", "密码": PASSWORD}).submit("登录")
        assert browser.path == "/account/security/"


class TestLoggingIn:
    @pytest.mark.parametrize("name", ["zhang.san", "nobody", "staff.wang", "unit.one", "unusable"])
    def test_every_failure_looks_the_same(self, new_browser: Callable[[], Visitor], name: str) -> None:
        somebody("zhang.san", PHONE)
        somebody("staff.wang", "13800000009", Realm.STAFF)
        some_unit("unit.one", OTHER_PHONE)
        Account.objects.filter(id=somebody("unusable", "13800000008").id).update(password="!")
        answers = []
        for login_name, password in ((name, "not the right one"), ("nobody.else", "not the right one")):
            visitor = log_in(new_browser(), Realm.NATURAL, login_name, password)
            assert visitor.errors == REFUSED
            body = visitor.response.content.decode().replace(login_name, "NAME")
            headers = {key: value for key, value in visitor.response.headers.items() if key != "Expires"}
            answers.append((visitor.status, sorted(headers), set(visitor.response.cookies), _without_tokens(body)))
        assert answers[0] == answers[1]

    @pytest.mark.parametrize("realm", [Realm.NATURAL, Realm.LEGAL])
    def test_staff_do_not_pass_the_windows_of_citizens(self, browser: Visitor, realm: Realm) -> None:
        somebody("staff.wang", "13800000009", Realm.STAFF)
        assert log_in(browser, realm, "staff.wang").errors == REFUSED

    def test_each_realm_has_its_window(self, browser: Visitor) -> None:
        somebody("zhang.san", PHONE)
        assert log_in(browser, Realm.LEGAL, "zhang.san").errors == REFUSED
        browser.click("自然人登录").fill({"登录名": "zhang.san", "密码": PASSWORD}).submit("登录")
        assert is_signed_in(browser)

    def test_the_password_is_taken_exactly_as_it_is(self, browser: Visitor) -> None:
        somebody("zhang.san", PHONE)
        for wrong in (PASSWORD + " ", PASSWORD.lower(), PASSWORD[:-1]):
            assert log_in(browser, Realm.NATURAL, "zhang.san", wrong).errors == REFUSED

    def test_a_picture_joins_after_five_failures_of_a_name(
        self, new_browser: Callable[[], Visitor], clock: MovedClock
    ) -> None:
        somebody("zhang.san", PHONE)
        browser = new_browser()
        for failed in range(5):
            assert "验证码图片" not in _alternatives(browser.get(WINDOW[Realm.NATURAL])), failed
            log_in(browser, Realm.NATURAL, "zhang.san", "not the right one")
        assert "验证码图片" in _alternatives(browser)
        browser.fill({"登录名": "zhang.san", "密码": PASSWORD}).submit("登录")
        assert browser.errors == ["请输入图片或音频中的验证码。看不清、听不清可以换一张。"]
        browser.fill({"密码": PASSWORD, "验证码": "?"}).submit("登录")
        assert browser.errors == ["验证码不正确或已失效。请按新的图片或音频重新输入。"]
        browser.fill({"密码": PASSWORD, "验证码": picture(browser)}).submit("登录")
        assert is_signed_in(browser), "who remembers the password is let in at once"

    def test_elsewhere_the_owner_is_asked_for_a_picture_and_never_made_to_wait(
        self, new_browser: Callable[[], Visitor], clock: MovedClock
    ) -> None:
        somebody("zhang.san", PHONE)
        attacker = new_browser()
        for _failed in range(5):
            log_in(attacker, Realm.NATURAL, "zhang.san", "not the right one")
        for _failed in range(3):
            attacker.fill({"密码": "not the right one", "验证码": picture(attacker)}).submit("登录")
        owner = new_browser()
        owner.client.defaults["REMOTE_ADDR"] = "198.51.100.7"
        assert "验证码图片" not in _alternatives(owner.get(WINDOW[Realm.NATURAL])), "another network"
        owner.fill({"登录名": "zhang.san", "密码": PASSWORD}).submit("登录")
        owner.fill({"密码": PASSWORD, "验证码": picture(owner)}).submit("登录")
        assert is_signed_in(owner)

    def test_failures_after_the_picture_make_wait_ever_longer(
        self, new_browser: Callable[[], Visitor], clock: MovedClock
    ) -> None:
        somebody("zhang.san", PHONE)
        browser = new_browser()

        def tries(password: str) -> list[str]:
            browser.fill({"密码": password, "验证码": picture(browser)}).submit("登录")
            return browser.errors

        for _failed in range(5):
            log_in(browser, Realm.NATURAL, "zhang.san", "not the right one")
        assert tries("not the right one") == REFUSED
        clock.forward(seconds=29)
        assert tries(PASSWORD) == REFUSED, "too early: 30 seconds"
        clock.forward(seconds=1)
        assert tries("not the right one") == REFUSED
        clock.forward(seconds=59)
        assert tries(PASSWORD) == REFUSED, "too early: 60 seconds"
        clock.forward(seconds=1)
        assert tries(PASSWORD) == []
        assert is_signed_in(browser)

    def test_a_network_that_fails_often_is_asked_for_a_picture(self, browser: Visitor) -> None:
        for number in range(10):
            assert "验证码图片" not in _alternatives(browser.get(WINDOW[Realm.LEGAL])), number
            log_in(browser, Realm.LEGAL, f"name.{number}", "not the right one")
        assert "验证码图片" in _alternatives(browser.get(WINDOW[Realm.NATURAL]))

    def test_failures_are_forgotten(
        self, browser: Visitor, new_browser: Callable[[], Visitor], clock: MovedClock
    ) -> None:
        somebody("zhang.san", PHONE)
        for _failed in range(5):
            log_in(browser, Realm.NATURAL, "zhang.san", "not the right one")
        clock.forward(minutes=6)
        elsewhere = new_browser()
        elsewhere.client.defaults["REMOTE_ADDR"] = "198.51.100.7"
        assert log_in(elsewhere, Realm.NATURAL, "zhang.san", "not the right one").errors == REFUSED
        assert "验证码图片" not in _alternatives(elsewhere)
        log_in(browser, Realm.NATURAL, "zhang.san", "not the right one")
        assert browser.errors == ["请输入图片或音频中的验证码。看不清、听不清可以换一张。"], (
            "the name from here counts longer"
        )
        clock.forward(hours=2)
        assert log_in(browser, Realm.NATURAL, "zhang.san", "not the right one").errors == REFUSED

    def test_a_success_forgets_the_failures_of_the_name(self, browser: Visitor) -> None:
        somebody("zhang.san", PHONE)
        for _failed in range(4):
            log_in(browser, Realm.NATURAL, "zhang.san", "not the right one")
        log_in(browser, Realm.NATURAL, "zhang.san").submit("退出登录")
        for _failed in range(4):
            log_in(browser, Realm.NATURAL, "zhang.san", "not the right one")
        assert "验证码图片" not in _alternatives(browser)

    @pytest.mark.parametrize(
        ("wanted", "reached"),
        [
            ("/account/security/", "/account/security/"),
            ("https://evil.example/", "/account/"),
            ("//evil.example/", "/account/"),
            ("/\\evil.example/", "/account/"),
            ("javascript:alert(1)", "/account/"),
            ("", "/account/"),
        ],
    )
    def test_next_leads_nowhere_else(self, browser: Visitor, wanted: str, reached: str) -> None:
        somebody("zhang.san", PHONE)
        browser.get("/log-in/natural/", {"next": wanted})
        browser.fill({"登录名": "zhang.san", "密码": PASSWORD}).submit("登录", follow=False)
        assert browser.response["Location"] == reached
        browser.get("/log-in/natural/", {"next": wanted}, follow=False)
        assert browser.response["Location"] == reached, "whoever is signed in already goes straight on"

    def test_nothing_typed_opens_nothing(self, browser: Visitor) -> None:
        browser.get("/log-in/natural/").submit("登录")
        assert browser.errors == ["请输入登录名。", "请输入密码。"]

    def test_the_key_changes_at_log_in_and_the_old_one_dies(self, browser: Visitor) -> None:
        somebody("zhang.san", PHONE)
        browser.get("/register/natural/")
        picture(browser)  # starts an anonymous session
        before = browser.client.cookies["tongban_session"].value
        log_in(browser, Realm.NATURAL, "zhang.san")
        first = browser.client.cookies["tongban_session"].value
        assert first != before
        log_in_again(browser, "zhang.san")
        assert browser.client.cookies["tongban_session"].value not in {before, first}
        for dead in (before, first):
            browser.client.cookies["tongban_session"] = dead
            assert not is_signed_in(browser)

    def test_who_logs_in_to_another_account_leaves_the_first(self, browser: Visitor) -> None:
        somebody("zhang.san", PHONE)
        unit = some_unit("unit.one", OTHER_PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        log_in(browser, Realm.LEGAL, "unit.one")
        assert [session.account_id for session in Session.objects.all()] == [unit.id]

    def test_the_trail_names_accounts_and_no_login_names(self, browser: Visitor) -> None:
        account = somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san", "not the right one")
        log_in(browser, Realm.NATURAL, "nobody", "not the right one")
        log_in(browser, Realm.NATURAL, "zhang.san").submit("退出登录")
        events = [(event.name, event.subject) for event in Event.objects.order_by("at", "id")]
        assert events == [
            ("accounts:session:log_in_refused", account.id),
            ("accounts:session:log_in_refused", None),
            ("accounts:session:logged_in", account.id),
            ("accounts:session:logged_out", account.id),
        ]
        assert "zhang" not in str([event.facts for event in Event.objects.all()])


@pytest.mark.django_db
def test_a_password_that_is_too_old_is_replaced_at_the_next_log_in(
    browser: Visitor, clock: MovedClock, settings: Settings
) -> None:
    settings.PASSWORD_DAYS = 90
    somebody("zhang.san", PHONE)
    clock.forward(days=89)
    assert log_in(browser, Realm.NATURAL, "zhang.san", PASSWORD).heading == "在线办事"
    clock.forward(days=1)
    log_in(browser, Realm.NATURAL, "zhang.san", PASSWORD)
    assert browser.heading == "请先设置新密码"
    assert "已经用了超过 90 天" in browser.text
    assert "原平台" not in browser.text
    fresh = "Zwei Birnen im Korb 7"
    browser.fill({"新密码": fresh, "确认密码": fresh}).submit("保存并登录")
    assert browser.heading == "在线办事"
    assert Event.objects.filter(name="accounts:session:logged_in").count() == 2


def log_in_again(visitor: Visitor, login_name: str) -> None:
    """Log in at the window although signed in: by hand, as the window leads on at once."""
    visitor.post(WINDOW[Realm.NATURAL], {"login_name": login_name, "password": PASSWORD})


class TestSessions:
    def test_log_out_ends_the_session_for_good(self, browser: Visitor) -> None:
        somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        key = browser.client.cookies["tongban_session"].value
        browser.submit("退出登录", follow=False)
        assert browser.response["Location"] == "/log-in/"
        assert browser.response["Clear-Site-Data"] == '"storage"'
        assert "您已退出登录" in browser.follow().text
        browser.client.cookies["tongban_session"] = key
        assert not is_signed_in(browser)

    def test_log_out_takes_a_post_and_harms_nobody_who_is_out(self, browser: Visitor) -> None:
        assert browser.get("/log-out/").status == 405
        browser.get("/log-in/")
        assert browser.post("/log-out/").path == "/log-in/"

    def test_a_session_ends_after_a_pause(self, browser: Visitor, clock: MovedClock) -> None:
        somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        for _turn in range(3):
            clock.forward(minutes=29)
            assert is_signed_in(browser)
        clock.forward(minutes=30)
        assert not is_signed_in(browser)

    def test_a_session_ends_after_its_longest_life(self, browser: Visitor, clock: MovedClock) -> None:
        somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        for _turn in range(28):
            clock.forward(minutes=25)
            assert is_signed_in(browser)
        clock.forward(minutes=20)
        assert not is_signed_in(browser)

    def test_an_unknown_key_is_not_adopted(self, browser: Visitor) -> None:
        somebody("zhang.san", PHONE)
        chosen = "a" * 32
        browser.client.cookies["tongban_session"] = chosen
        log_in(browser, Realm.NATURAL, "zhang.san")
        assert browser.client.cookies["tongban_session"].value != chosen

    def test_other_devices_are_listed_and_can_be_ended(self, new_browser: Callable[[], Visitor]) -> None:
        somebody("zhang.san", PHONE)
        here, phone, tablet = new_browser(), new_browser(), new_browser()
        phone.client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0"
        tablet.client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPad; CPU OS 17) Safari/605"
        for visitor in (here, phone, tablet):
            log_in(visitor, Realm.NATURAL, "zhang.san")
        here.get("/account/security/")
        for part in ("Android · 微信", "iPad · Safari", "未知设备", "本机", "127.0.0.1"):
            assert part in here.text
        here.submit("退出这台设备", near="iPad")
        assert "该设备已退出登录" in here.text
        assert (is_signed_in(here), is_signed_in(phone), is_signed_in(tablet)) == (True, True, False)
        log_in(tablet, Realm.NATURAL, "zhang.san")
        here.reload().submit("退出其他所有设备")
        assert (is_signed_in(here), is_signed_in(phone), is_signed_in(tablet)) == (True, False, False)
        assert "退出其他所有设备" not in here.text

    def test_nobody_ends_sessions_of_others_or_their_own_by_mistake(self, new_browser: Callable[[], Visitor]) -> None:
        somebody("zhang.san", PHONE)
        somebody("li.si", OTHER_PHONE)
        mine, theirs = new_browser(), new_browser()
        log_in(mine, Realm.NATURAL, "zhang.san")
        log_in(theirs, Realm.NATURAL, "li.si")
        for session in Session.objects.all():
            mine.get("/account/security/").post(f"/account/security/sessions/{session.id}/end/")
        assert (is_signed_in(mine), is_signed_in(theirs)) == (True, True)


class TestChangingThePassword:
    NEW = "Drei-Quitten-am-Zaun"

    def test_other_devices_go_and_the_owner_is_told(self, new_browser: Callable[[], Visitor]) -> None:
        account = somebody("zhang.san", PHONE)
        here, there = new_browser(), new_browser()
        for visitor in (here, there):
            log_in(visitor, Realm.NATURAL, "zhang.san")
        key = here.client.cookies["tongban_session"].value
        here.get("/account/security/").click("修改密码")
        here.fill({"当前密码": PASSWORD, "新密码": self.NEW, "确认密码": self.NEW}).submit("保存")
        assert "密码已修改" in here.text
        assert here.client.cookies["tongban_session"].value != key
        assert (is_signed_in(here), is_signed_in(there)) == (True, False)
        assert "您的账号密码已修改" in texts(PHONE)[0]
        assert [message.title for message in messages_for(account.id)] == ["密码已修改", "在新设备登录"]
        assert log_in(there, Realm.NATURAL, "zhang.san").errors == REFUSED
        log_in(there, Realm.NATURAL, "zhang.san", self.NEW)
        assert is_signed_in(there)

    @pytest.mark.parametrize(
        ("current", "new", "again", "sentence"),
        [
            ("not the right one", NEW, NEW, "当前密码不正确"),
            (PASSWORD, "short", "short", "密码至少 12 个字符"),
            (PASSWORD, NEW, NEW + "x", "两次输入的密码不一致"),
            (PASSWORD, "甲公司 gut und gern", "甲公司 gut und gern", "密码里不能有登录名"),
            (PASSWORD, f"mein {USCC}", f"mein {USCC}", "密码里不能有登录名"),
            (PASSWORD, f"und {PHONE} ja", f"und {PHONE} ja", "密码里不能有登录名"),
        ],
    )
    def test_what_is_wrong_is_said(self, browser: Visitor, current: str, new: str, again: str, sentence: str) -> None:
        some_unit("unit.one", PHONE)
        log_in(browser, Realm.LEGAL, "unit.one")
        browser.get("/account/security/password/")
        browser.fill({"当前密码": current, "新密码": new, "确认密码": again}).submit("保存")
        assert len(browser.errors) == 1
        assert sentence in browser.errors[0]
        assert texts(PHONE) == []

    def test_guessing_the_current_password_is_limited(self, browser: Visitor, clock: MovedClock) -> None:
        somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        browser.get("/account/security/password/")
        for _wrong in range(5):
            browser.fill({"当前密码": "not the right one", "新密码": self.NEW, "确认密码": self.NEW}).submit("保存")
        browser.fill({"当前密码": PASSWORD, "新密码": self.NEW, "确认密码": self.NEW}).submit("保存")
        assert browser.errors[0].startswith("操作过于频繁")
        clock.forward(minutes=5)
        browser.fill({"当前密码": PASSWORD, "新密码": self.NEW, "确认密码": self.NEW}).submit("保存")
        assert browser.errors == []

    def test_staff_need_a_longer_one(self, browser: Visitor) -> None:
        account = somebody("staff.wang", PHONE, Realm.STAFF)
        browser.client.force_login(account)
        browser.get("/account/security/password/")
        browser.fill({"当前密码": PASSWORD, "新密码": "Vier-Kiwis-am", "确认密码": "Vier-Kiwis-am"}).submit("保存")
        assert browser.errors == ["密码至少 15 个字符。可以用一句只有您知道的话。"]


class TestChangingThePhone:
    def confirm(self, visitor: Visitor, password: str = PASSWORD) -> Visitor:
        visitor.get("/account/security/").click("更换手机号码").submit("获取验证码")
        assert visitor.errors == []
        return visitor.fill({"密码": password, "短信验证码": sms(PHONE)}).submit("下一步")

    def test_old_and_new_phone_and_the_password(self, new_browser: Callable[[], Visitor]) -> None:
        account = somebody("zhang.san", PHONE)
        here, there = new_browser(), new_browser()
        for visitor in (here, there):
            log_in(visitor, Realm.NATURAL, "zhang.san")
        self.confirm(here)
        assert here.path == "/account/security/phone/new/"
        here.fill({"手机号码": OTHER_PHONE}).submit("获取验证码")
        here.fill({"短信验证码": sms(OTHER_PHONE)}).submit("保存")
        assert here.errors == []
        assert "139****9000" in here.text
        assert (is_signed_in(here), is_signed_in(there)) == (True, False)
        assert "换为139****9000" in texts(PHONE)[0]
        assert [message.title for message in messages_for(account.id)] == ["手机号码已更换", "在新设备登录"]
        account.refresh_from_db()
        phone = queries.phone_of(account, Purpose.SHOW_OWNER)
        assert phone is not None
        assert phone.value == OTHER_PHONE
        assert list(queries.accounts_with_phone(phone)) == [account]

    def test_without_the_first_step_there_is_no_second(self, browser: Visitor, clock: MovedClock) -> None:
        somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        assert browser.get("/account/security/phone/new/").path == "/account/security/phone/"
        self.confirm(browser)
        clock.forward(minutes=10)
        assert browser.get("/account/security/phone/new/").path == "/account/security/phone/"

    def test_a_wrong_password_or_code_stops_the_first_step(self, browser: Visitor) -> None:
        somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        assert self.confirm(browser, "not the right one").errors == ["当前密码不正确。请重新输入。"]
        browser.fill({"密码": PASSWORD, "短信验证码": "000000"}).submit("下一步")
        assert browser.errors == ["短信验证码不正确。请核对短信后重新输入。"]
        browser.fill({"密码": PASSWORD, "短信验证码": sms(PHONE)}).submit("下一步")
        assert browser.path == "/account/security/phone/new/", "the code lived on"

    def test_the_same_phone_and_a_wrong_code_stop_the_second(self, browser: Visitor, clock: MovedClock) -> None:
        somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        self.confirm(browser)
        browser.fill({"手机号码": OTHER_PHONE, "短信验证码": "000000"}).submit("保存")
        assert browser.errors == ["短信验证码不正确。请核对短信后重新输入。"]
        clock.forward(minutes=2)
        browser.fill({"手机号码": PHONE}).submit("获取验证码")
        browser.fill({"短信验证码": sms(PHONE)}).submit("保存")
        assert browser.errors == ["这就是您现在的手机号码。请输入要换成的号码。"]

    def test_staff_without_a_phone_have_none_to_change(self, browser: Visitor) -> None:
        account = somebody("staff.wang", PHONE, Realm.STAFF)
        Account.objects.filter(id=account.id).update(phone=None, phone_index=None, phone_proved_at=None)
        browser.client.force_login(account)
        assert browser.get("/account/security/phone/").path == "/account/security/"


def _alternatives(visitor: Visitor) -> list[str]:
    return [image.get("alt") or "" for image in visitor.page.findall(".//img")]


def _without_tokens(body: str) -> str:
    """Return a page without what differs from request to request."""
    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", body)


def test_settings_of_sessions_are_obeyed(browser: Visitor, clock: MovedClock, settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES = 5
    somebody("zhang.san", PHONE)
    log_in(browser, Realm.NATURAL, "zhang.san")
    clock.forward(minutes=5)
    assert not is_signed_in(browser)


class TestPagesThatComeLater:
    """忘记密码 and the appeals are led to as soon as they exist."""

    @pytest.fixture
    def _recovery(self, monkeypatch: pytest.MonkeyPatch) -> None:
        known = menus.address
        later = {log_in_views.FORGOTTEN: "/forgotten/", register_views.LEGAL_APPEAL: "/appeals/legal/"}
        monkeypatch.setattr(menus, "address", lambda name: later.get(name) or known(name))

    @pytest.mark.usefixtures("_recovery")
    def test_the_windows_lead_to_forgotten_passwords(self, browser: Visitor) -> None:
        assert browser.get("/log-in/").links()["忘记密码"] == "/forgotten/"
        log_in(browser, Realm.NATURAL, "nobody", "not the right one")
        assert browser.links()["忘记密码"] == "/forgotten/"
        assert browser.errors == [
            "登录名或密码错误。请核对后重新输入；记不清密码的，请用“忘记密码”找回。多次失败后请稍候再试。"
        ]

    @pytest.mark.usefixtures("_recovery")
    def test_a_taken_unit_leads_to_its_appeal(self, browser: Visitor) -> None:
        verify_unit(some_unit("owner", OTHER_PHONE))
        register_legal(browser)
        assert browser.links()["单位法人用户申诉找回密码"] == "/appeals/legal/"


@pytest.mark.parametrize("path", ["/register/natural/", "/register/legal/"])
def test_a_code_spent_in_the_very_moment_is_said(browser: Visitor, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def spent(**_: object) -> None:
        raise CodeRejected(code="challenge.code_spent")

    for name in ("register_natural", "register_legal"):
        monkeypatch.setattr(register_views, name, spent)
    (register_natural if "natural" in path else register_legal)(browser)
    assert browser.errors == ["短信验证码已使用或错误次数过多，不再有效。请重新获取。"]


def test_a_units_taken_login_name_is_said(browser: Visitor) -> None:
    somebody(USCC, OTHER_PHONE, Realm.LEGAL)
    assert register_legal(browser).errors == ["登录名已被注册。请换一个。"]
