"""The 验证码 for everybody: seen or heard, exchanged without loss, and asked for only where it is needed."""

import wave
from collections.abc import Callable
from io import BytesIO

import pytest
from pytest_django import Settings

from tests.journeys.people import PASSWORD, WINDOW, log_in, picture, sms, somebody, texts
from tests.journeys.visitor import Visitor
from tests.unit.proofing.people import unit
from tests.unit.recovery.people import pictures
from tongban.accounts.rules import Realm
from tongban.challenge.models import HumanCheck
from tongban.challenge.queries import last_spoken_answer

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
PHONE = "13800000001"
EVIDENCE = ("证件正面", "证件反面", "营业执照", "授权书")


def listen(visitor: Visitor) -> str:
    """Listen to the 验证码 of the page and return what it says."""
    (address,) = visitor.page.xpath(".//audio/@src")
    heard = visitor.client.get(address)
    assert (heard.status_code, heard["Content-Type"]) == (200, "audio/wav")
    with wave.open(BytesIO(heard.content)) as file:
        assert 4 < file.getnframes() / file.getframerate() < 11
    answer = last_spoken_answer(visitor.client.session["browser"])
    assert answer
    return answer


def asks(visitor: Visitor) -> bool:
    """Return whether the page asks for a 验证码."""
    return bool(visitor.page.xpath(".//img[contains(@src, '/challenge/picture/')]"))


class TestHeard:
    def test_an_sms_costs_what_was_heard(self, browser: Visitor) -> None:
        browser.get("/register/natural/").fill({"手机号码": PHONE, "验证码": listen(browser)}).submit("获取验证码")
        assert browser.errors == []
        assert len(texts(PHONE)) == 1

    def test_picture_and_sound_of_a_page_are_one_check(self, browser: Visitor) -> None:
        browser.get("/recover/natural/login-name/")
        seen, heard = picture(browser), listen(browser)
        assert HumanCheck.objects.count() == 1
        browser.fill({"登录名": "zhang.san", "验证码": heard}).submit("检索登录名")
        assert browser.errors == []
        browser.get("/recover/natural/login-name/").fill({"登录名": "zhang.san", "验证码": seen}).submit("检索登录名")
        assert browser.errors == ["验证码不正确或已失效。请按新的图片或音频重新输入。"]

    def test_a_log_in_after_failures_may_be_heard(self, browser: Visitor, settings: Settings) -> None:
        somebody()
        for _ in range(settings.LOG_IN_FAILURES):
            log_in(browser, Realm.NATURAL, "zhang.san", "not the right one")
        browser.fill({"密码": PASSWORD, "验证码": listen(browser)}).submit("登录")
        assert browser.errors == []

    def test_it_has_a_name_and_needs_no_script(self, browser: Visitor) -> None:
        browser.get("/register/natural/")
        (player,) = browser.page.xpath(".//audio")
        assert player.get("aria-label") == "听验证码"
        assert "controls" in player.attrib
        assert player.get("preload") == "none", "nothing is spoken that nobody asked for"
        assert player.xpath("./a/@href") == [player.get("src")], "for browsers that play nothing in a page"
        hint = browser.page.xpath("string(.//*[@id='id_human_check_helptext'])")
        assert "音频中的数字" in hint


class TestAnotherOne:
    @pytest.mark.parametrize("path", ["/register/natural/", "/register/legal/"])
    def test_nothing_typed_is_lost_not_even_passwords(self, browser: Visitor, path: str) -> None:
        typed = {"登录名": "zhang.san", "密码": PASSWORD, "确认密码": PASSWORD, "手机号码": PHONE}
        browser.get(path).fill(typed)
        before = browser.page.xpath(".//audio/@src")
        browser.submit("换一张")
        assert browser.errors == []
        assert {label: browser.value(label) for label in typed} == typed
        assert browser.page.xpath(".//audio/@src") != before

    def test_the_password_of_a_log_in_stays_only_for_that(self, browser: Visitor, settings: Settings) -> None:
        somebody()
        for _ in range(settings.LOG_IN_FAILURES):
            log_in(browser, Realm.NATURAL, "zhang.san", "not the right one")
        assert browser.value("密码") == ""
        browser.fill({"密码": PASSWORD}).submit("换一张")
        assert (browser.value("登录名"), browser.value("密码")) == ("zhang.san", PASSWORD)
        assert "no-store" in browser.response["Cache-Control"]
        browser.fill({"验证码": listen(browser)}).submit("登录")
        assert browser.path != WINDOW[Realm.NATURAL]

    def test_chosen_files_stay(self, browser: Visitor) -> None:
        browser.get("/recover/").click("单位法人用户申诉找回密码")
        browser.fill({"单位名称": unit().unit_name.value, "验证码": listen(browser)}).submit("检索单位名称")
        browser.fill({"经办人手机号码": PHONE, **pictures(*EVIDENCE)}).submit("换一张")
        assert browser.errors == []
        assert len(browser.page.xpath(".//div[@class='kept']")) == 4
        browser.fill({"验证码": listen(browser)}).submit("获取验证码")
        assert browser.errors == []
        assert len(browser.page.xpath(".//div[@class='kept']")) == 4
        assert sms(PHONE)


class TestOnlyWhereNeeded:
    """验证码 before every SMS of somebody who is not signed in, before every search, and after failed log-ins."""

    @pytest.mark.parametrize(
        "path",
        [
            "/register/natural/", "/register/legal/",
            "/recover/natural/login-name/", "/recover/legal/login-name/", "/recover/legal/appeal/",
            "/recover/legal/contact/", "/recover/natural/appeal/", "/recover/appeals/status/",
        ],
    )  # fmt: skip
    def test_it_is_asked_for_before_sms_and_searches(self, browser: Visitor, path: str) -> None:
        assert asks(browser.get(path))

    @pytest.mark.parametrize("path", ["/log-in/natural/", "/log-in/legal/", "/staff/log-in/", "/", "/services/"])
    def test_it_is_not_asked_for_elsewhere(self, browser: Visitor, path: str) -> None:
        browser.get(path)
        assert browser.status == 200
        assert not asks(browser)

    def test_who_is_signed_in_is_known_already(self, browser: Visitor) -> None:
        somebody()
        log_in(browser, Realm.NATURAL, "zhang.san")
        for path in ("/account/security/phone/", "/account/security/password/"):
            assert browser.get(path).status == 200, path
            assert not asks(browser)
        browser.get("/account/security/phone/").submit("获取验证码")
        assert len(texts(PHONE)) == 1

    def test_a_success_ends_the_asking(
        self, browser: Visitor, new_browser: Callable[[], Visitor], settings: Settings
    ) -> None:
        somebody()
        for _ in range(settings.LOG_IN_FAILURES):
            log_in(browser, Realm.NATURAL, "zhang.san", "not the right one")
        assert asks(browser)
        browser.fill({"密码": PASSWORD, "验证码": listen(browser)}).submit("登录")
        assert not asks(log_in(new_browser(), Realm.NATURAL, "zhang.san", "not the right one"))

    def test_nobody_draws_or_speaks_without_end(self, browser: Visitor, settings: Settings) -> None:
        settings.HUMAN_CHECK_RATES_BROWSER = settings.HUMAN_CHECK_AUDIO_RATES_BROWSER = "2/min"
        browser.get("/register/natural/")
        for place in ("picture", "audio"):
            answers = [browser.client.get(f"/challenge/{place}/?turn={turn}") for turn in "abc"]
            assert [answer.status_code for answer in answers] == [200, 200, 429]
            assert "Retry-After" in answers[2]
        drawn = browser.client.get("/challenge/picture/?turn=d")
        assert drawn["Content-Type"] == "image/svg+xml"
        assert "操作过于频繁" in drawn.content.decode()
