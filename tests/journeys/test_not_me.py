"""「不是我」: notices an owner can answer, and what whoever holds their links can and cannot do."""

import re
from collections.abc import Callable, Iterator

import pytest

from tests.journeys.people import PASSWORD, log_in, sms, some_unit, somebody, texts
from tests.journeys.visitor import Visitor
from tests.moved_clock import MovedClock, moved_clock
from tests.parallel import in_parallel
from tongban.accounts.errors import NotMeLinkSpent
from tongban.accounts.flows import recognise_device
from tongban.accounts.flows.not_me import not_me
from tongban.accounts.models import KnownDevice, NotMeLink, Session
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.notify.queries import messages_for

PHONE, NEW_PHONE = "13800138000", "13900139000"
NEW_PASSWORD = "Drei-Koffer-am-Bahnhof"
REFUSED = "登录名或密码错误。"


@pytest.fixture(autouse=True)
def clock() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        yield moved


def link(phone: str = PHONE) -> str:
    """Return the path of the link in the latest SMS."""
    found = re.search(r"http\S+(/not-me/\S+/)", texts(phone)[0])
    assert found, texts(phone)
    return found[1]


class TestNewDevices:
    def test_a_second_device_is_told_of_and_the_first_is_not(
        self, browser: Visitor, new_browser: Callable[[], Visitor]
    ) -> None:
        account = somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        assert texts(PHONE) == []
        thief = new_browser()
        log_in(thief, Realm.NATURAL, "zhang.san")
        assert "在新设备登录" in texts(PHONE)[0]
        assert messages_for(account.id).object_list[0].title == "在新设备登录"
        cookie = thief.client.cookies["tongban_device"]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        for visitor in (browser, thief):
            log_in(visitor.submit("退出登录"), Realm.NATURAL, "zhang.san")
        assert len(texts(PHONE)) == 1, "both are known now"

    def test_who_says_no_ends_everything_and_sets_a_new_password(
        self, browser: Visitor, new_browser: Callable[[], Visitor]
    ) -> None:
        account = somebody("zhang.san", PHONE)
        thief = new_browser()
        log_in(browser, Realm.NATURAL, "zhang.san")
        log_in(thief, Realm.NATURAL, "zhang.san")
        path = link()
        asked = new_browser().get(path)
        assert asked.heading == "不是我"
        assert Session.objects.filter(account=account).count() == 2, "to look does nothing"
        asked.submit("不是我，退出全部设备")
        assert asked.heading == "已退出全部设备"
        assert asked.links()["重置密码"] == "/recover/natural/login-name/"
        assert not Session.objects.filter(account=account).exists()
        assert log_in(thief, Realm.NATURAL, "zhang.san").errors[0].startswith(REFUSED)
        assert asked.get(path).status == 410
        assert Event.objects.filter(name="accounts:account:not_me").count() == 1

    def test_the_answer_is_english_for_who_reads_english(
        self, browser: Visitor, new_browser: Callable[[], Visitor]
    ) -> None:
        somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        log_in(new_browser(), Realm.NATURAL, "zhang.san")
        path = link()
        owner = new_browser().speak("en").get(path)
        assert owner.heading == "This was not me"
        owner.submit("This was not me: sign out of all devices")
        assert owner.heading == "Signed out of all devices"
        assert owner.get(path).heading == "This link no longer works"

    def test_a_link_works_for_a_week(
        self, browser: Visitor, new_browser: Callable[[], Visitor], clock: MovedClock
    ) -> None:
        somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        log_in(new_browser(), Realm.NATURAL, "zhang.san")
        path = link()
        clock.forward(days=7)
        assert browser.get(path).status == 410
        assert browser.post(path).status == 410
        assert browser.get("/not-me/guessed/").status == 410

    def test_a_form_of_another_site_does_nothing(self, browser: Visitor, new_browser: Callable[[], Visitor]) -> None:
        account = somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        log_in(new_browser(), Realm.NATURAL, "zhang.san")
        assert browser.client.post(link()).status_code == 403, "no CSRF token"
        assert Session.objects.filter(account=account).count() == 2

    @pytest.mark.parametrize("planted", ["", "x", "a" * 22 + "!", "é" * 22, "a" * 500])
    def test_a_cookie_that_is_no_token_is_replaced(self, browser: Visitor, planted: str) -> None:
        somebody("zhang.san", PHONE)
        browser.client.cookies["tongban_device"] = planted
        log_in(browser, Realm.NATURAL, "zhang.san")
        assert re.fullmatch(r"[\w-]{22}", browser.client.cookies["tongban_device"].value)

    def test_a_failed_log_in_tells_nobody_and_leaves_no_cookie(self, browser: Visitor) -> None:
        somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san", "wrong")
        assert "tongban_device" not in browser.client.cookies
        assert not KnownDevice.objects.exists()

    def test_devices_are_forgotten_in_the_end(self, browser: Visitor, clock: MovedClock) -> None:
        somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san")
        clock.forward(days=200)
        log_in(browser, Realm.NATURAL, "zhang.san")
        clock.forward(days=365)
        assert recognise_device.forget() == 0
        clock.forward(days=1)
        assert recognise_device.forget() == 1
        assert recognise_device.forget() == 0


class TestCredentials:
    def test_a_password_somebody_else_changed(self, browser: Visitor) -> None:
        some_unit("unit.one", PHONE)
        log_in(browser, Realm.LEGAL, "unit.one").get("/account/security/password/")
        browser.fill({"当前密码": PASSWORD, "新密码": NEW_PASSWORD, "确认密码": NEW_PASSWORD}).submit("保存")
        asked = Visitor().get(link()).submit("不是我，退出全部设备")
        assert asked.links()["重置密码"] == "/recover/legal/login-name/"
        assert browser.get("/account/security/").heading == "用户登录"

    def test_a_phone_somebody_else_changed_is_won_back_by_an_appeal(self, browser: Visitor) -> None:
        somebody("zhang.san", PHONE)
        log_in(browser, Realm.NATURAL, "zhang.san").get("/account/security/phone/").submit("获取验证码")
        browser.fill({"密码": PASSWORD, "短信验证码": sms(PHONE)}).submit("下一步")
        browser.fill({"手机号码": NEW_PHONE}).submit("获取验证码")
        browser.fill({"短信验证码": sms(NEW_PHONE)}).submit("保存")
        asked = Visitor().get(link(PHONE)).submit("不是我，退出全部设备")
        assert asked.links()["申诉找回"] == "/recover/natural/appeal/"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_link_is_used_once(new_browser: Callable[[], Visitor]) -> None:
    somebody("zhang.san", PHONE)
    for _ in range(2):
        log_in(new_browser(), Realm.NATURAL, "zhang.san")
    token = link().split("/")[2]
    results = in_parallel(30, lambda _: not_me(actor=Actor.anonymous(), token=token))
    assert sum(isinstance(result, NotMeLink) for result in results) == 1
    assert sum(isinstance(result, NotMeLinkSpent) for result in results) == 29
