"""Logging in with the password of the legacy platform: once, to one's own account only, as slowly as anybody."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import get_hasher, make_password
from pytest_django import Settings

from tests.journeys.people import PASSWORD, log_in, somebody, texts
from tests.journeys.test_accounts import REFUSED
from tests.journeys.transferred import LEGACY_PHONE, STRONG, USCC, WEAK, of_every_kind, transferred
from tests.journeys.visitor import Visitor
from tests.moved_clock import MovedClock, moved_clock
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.audit.models import Event
from tongban.kernel import clock as time
from tongban.transfer.rules import Outcome

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
NEW = "Korb-voll-reifer-Quitten"
GUESSABLE = "password1234"


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/account/transfer/").path == "/account/transfer/"


def algorithm(account: Account) -> str:
    account.refresh_from_db()
    return account.password.partition("$")[0]


@pytest.fixture
def clock() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        yield moved


class TestStrongPassword:
    @pytest.mark.parametrize(
        ("outcome", "realm", "name"),
        [
            (Outcome.E1, Realm.LEGAL, USCC),
            (Outcome.E3, Realm.LEGAL, f"HJ_{USCC}"),
            (Outcome.E4, Realm.NATURAL, USCC),
            (Outcome.P1, Realm.NATURAL, LEGACY_PHONE),
            (Outcome.P3, Realm.NATURAL, f"hj_{LEGACY_PHONE}"),
        ],
    )
    def test_the_old_name_and_password_open_the_account(
        self, browser: Visitor, outcome: Outcome, realm: Realm, name: str
    ) -> None:
        account = transferred(outcome)
        log_in(browser, realm, name, STRONG)
        assert is_signed_in(browser)
        assert algorithm(account) == get_hasher().algorithm
        assert account.weak_password_since is None

    def test_once_opened_it_is_an_ordinary_password(self, new_browser: Callable[[], Visitor]) -> None:
        account = transferred()
        for _ in range(2):
            assert is_signed_in(log_in(new_browser(), Realm.NATURAL, LEGACY_PHONE, STRONG))
        assert log_in(new_browser(), Realm.NATURAL, LEGACY_PHONE, STRONG + "x").errors == REFUSED
        account.refresh_from_db()
        assert account.password.count("sealed-legacy") == 0

    def test_copied_to_another_account_it_opens_nothing(self, browser: Visitor) -> None:
        mine, other = transferred(), somebody("zhang.san", "13800000001")
        Account.objects.filter(id=other.id).update(password=mine.password)
        assert log_in(browser, Realm.NATURAL, "zhang.san", STRONG).errors == REFUSED

    def test_after_the_last_day_the_answer_is_everybodys(self, browser: Visitor, settings: Settings) -> None:
        transferred()
        settings.LEGACY_PASSWORDS_UNTIL = (time.now() - timedelta(days=2)).date().isoformat()
        assert log_in(browser, Realm.NATURAL, LEGACY_PHONE, STRONG).errors == REFUSED
        assert "忘记密码" in browser.text

    def test_guessing_is_slowed_as_everywhere(self, new_browser: Callable[[], Visitor]) -> None:
        transferred()
        for _failed in range(5):
            browser = log_in(new_browser(), Realm.NATURAL, LEGACY_PHONE, "not the right one")
            assert browser.errors == REFUSED
        assert log_in(new_browser(), Realm.NATURAL, LEGACY_PHONE, STRONG).errors == [
            "请输入图片或音频中的验证码。看不清、听不清可以换一张。"
        ]

    def test_every_kind_opens_by_http(self, new_browser: Callable[[], Visitor]) -> None:
        for number, (kind, legacy_hash) in enumerate(of_every_kind(STRONG).items()):
            phone = f"137{number:08}"
            account = transferred(legacy_hash=legacy_hash, phone=phone)
            assert is_signed_in(log_in(new_browser(), Realm.NATURAL, phone, STRONG)), kind
            assert algorithm(account) == get_hasher().algorithm


class TestWeakPassword:
    def test_it_must_be_replaced_before_anything_else(self, browser: Visitor) -> None:
        account = transferred(password=WEAK)
        log_in(browser, Realm.NATURAL, LEGACY_PHONE, WEAK)
        assert (browser.errors, browser.heading) == ([], "请先设置新密码")
        assert "登录名和密码正确" in browser.text
        assert LEGACY_PHONE in browser.text
        assert algorithm(account) == get_hasher().algorithm, "even a weak one is not kept as it was"
        for path in ("/account/", "/account/profile/", "/account/security/password/", "/account/messages/"):
            assert browser.get(path).path.startswith("/log-in/"), path
        browser.get("/services/talent-registration/enter/", follow=False)
        assert browser.status in {303, 302, 404}
        browser.get("/log-in/new-password/").fill({"新密码": NEW, "确认密码": NEW}).submit("保存并登录")
        assert browser.errors == []
        assert is_signed_in(browser)
        account.refresh_from_db()
        assert account.weak_password_since is None
        assert list(Event.objects.filter(subject=account.id).order_by("at").values_list("name", flat=True))[:3] == [
            "accounts:session:weak_password_accepted",
            "accounts:password:changed",
            "accounts:session:logged_in",
        ]
        assert texts(LEGACY_PHONE) == [], "nobody has proved this number"

    def test_one_comes_back_later_and_stands_there_again(self, new_browser: Callable[[], Visitor]) -> None:
        transferred(password=WEAK)
        log_in(new_browser(), Realm.NATURAL, LEGACY_PHONE, WEAK)
        browser = log_in(new_browser(), Realm.NATURAL, LEGACY_PHONE, WEAK)
        assert browser.heading == "请先设置新密码"
        browser.fill({"新密码": NEW, "确认密码": NEW}).submit("保存并登录")
        assert log_in(new_browser(), Realm.NATURAL, LEGACY_PHONE, WEAK).errors == REFUSED
        assert is_signed_in(log_in(new_browser(), Realm.NATURAL, LEGACY_PHONE, NEW))

    def test_the_way_on_is_kept(self, browser: Visitor) -> None:
        transferred(password=WEAK)
        browser.get("/account/security/").click("自然人登录")
        browser.fill({"登录名": LEGACY_PHONE, "密码": WEAK}).submit("登录")
        assert browser.path == "/log-in/new-password/?next=%2Faccount%2Fsecurity%2F"
        browser.fill({"新密码": NEW, "确认密码": NEW}).submit("保存并登录", follow=False)
        assert browser.response["Location"] == "/account/security/"

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"新密码": WEAK, "确认密码": WEAK}, "密码至少 12 个字符"),
            ({"新密码": NEW, "确认密码": NEW + "x"}, "两次输入的密码不一致"),
            ({"新密码": f"my-{LEGACY_PHONE}-x", "确认密码": f"my-{LEGACY_PHONE}-x"}, "密码里不能有登录名"),
            ({}, "请输入"),
        ],
    )
    def test_what_is_wrong_is_said(self, browser: Visitor, values: dict[str, str], sentence: str) -> None:
        transferred(password=WEAK)
        log_in(browser, Realm.NATURAL, LEGACY_PHONE, WEAK)
        browser.fill(values).submit("保存并登录")
        assert sentence in browser.errors[0]
        assert not is_signed_in(browser)

    def test_it_takes_too_long(self, browser: Visitor, clock: MovedClock) -> None:
        transferred(password=WEAK)
        log_in(browser, Realm.NATURAL, LEGACY_PHONE, WEAK)
        clock.forward(minutes=11)
        assert browser.get("/log-in/new-password/").path == "/log-in/"

    def test_who_changes_it_elsewhere_ends_it_here(self, new_browser: Callable[[], Visitor]) -> None:
        transferred(password=WEAK)
        here, there = new_browser(), new_browser()
        for browser in (here, there):
            log_in(browser, Realm.NATURAL, LEGACY_PHONE, WEAK)
        there.fill({"新密码": NEW, "确认密码": NEW}).submit("保存并登录")
        here.fill({"新密码": PASSWORD, "确认密码": PASSWORD}).submit("保存并登录")
        assert here.path == "/log-in/"
        assert not is_signed_in(here)

    def test_it_is_no_second_factor_and_no_way_into_staff_pages(self, browser: Visitor) -> None:
        transferred(password=WEAK)
        log_in(browser, Realm.NATURAL, LEGACY_PHONE, WEAK)
        assert browser.get("/staff/log-in/code/").path == "/staff/log-in/"
        assert browser.get("/staff/log-in/app/").path.startswith("/staff/log-in/")

    def test_the_page_is_nobodys_without_a_password(self, browser: Visitor) -> None:
        assert browser.get("/log-in/new-password/").path == "/log-in/"


def test_a_password_that_has_become_guessable_is_replaced_at_the_next_log_in(browser: Visitor) -> None:
    account = somebody("zhang.san", "13800000001")
    Account.objects.filter(id=account.id).update(password=make_password(GUESSABLE))
    log_in(browser, Realm.NATURAL, "zhang.san", GUESSABLE)
    assert (browser.errors, browser.heading) == ([], "请先设置新密码")
    assert "已列入容易被人猜到的密码" in browser.text
    assert "原平台" not in browser.text
    browser.fill({"新密码": NEW, "确认密码": NEW}).submit("保存并登录")
    assert is_signed_in(browser)
