"""Nobody makes the platform send SMS without reading a picture, nor more of them than the limits allow."""

from collections.abc import Callable

from tests.journeys.people import PASSWORD, picture, prove_phone, sms, texts
from tests.journeys.visitor import Visitor
from tests.moved_clock import moved_clock
from tongban.accounts.models import Account
from tongban.notify.models import Sms

PHONE, OTHER = "13800000001", "13800000002"
REGISTER = "/register/natural/"


def ask(visitor: Visitor, answer: str, phone: str = PHONE) -> None:
    visitor.fill({"手机号码": phone, "验证码": answer}).submit("获取验证码")


def test_no_sms_without_the_answer_to_this_browsers_picture(
    browser: Visitor, new_browser: Callable[[], Visitor]
) -> None:
    for wrong in ("", "0000", "' OR 1=1 --"):
        browser.get(REGISTER)
        picture(browser)
        ask(browser, wrong)
        assert len(browser.errors) == 1
    stranger = new_browser().get(REGISTER)
    browser.get(REGISTER)
    ask(browser, picture(stranger))
    assert browser.errors == ["验证码不正确或已失效。请按新的图片或音频重新输入。"]
    assert not Sms.objects.exists()


def test_one_picture_pays_for_one_sms(browser: Visitor) -> None:
    browser.get(REGISTER)
    answer = picture(browser)
    ask(browser, answer)
    assert browser.errors == []
    with moved_clock() as clock:
        clock.forward(minutes=2)
        ask(browser, answer)
        ask(browser, answer, OTHER)
    assert browser.errors == ["验证码不正确或已失效。请按新的图片或音频重新输入。"]
    assert Sms.objects.count() == 1


def test_a_wrong_answer_costs_the_picture(browser: Visitor) -> None:
    browser.get(REGISTER)
    answer = picture(browser)
    ask(browser, "0000")
    ask(browser, answer)
    assert browser.errors == ["验证码不正确或已失效。请按新的图片或音频重新输入。"]
    ask(browser, picture(browser))
    assert browser.errors == []
    assert len(texts(PHONE)) == 1


def test_a_phone_gets_no_more_than_its_allowance(new_browser: Callable[[], Visitor]) -> None:
    with moved_clock() as clock:
        for sent in range(1, 6):
            for _ in range(2):
                stranger = new_browser().get(REGISTER)
                ask(stranger, picture(stranger))
            assert "操作过于频繁" in stranger.errors[0]
            assert len(texts(PHONE)) == sent
            clock.forward(minutes=1)
        stranger = new_browser().get(REGISTER)
        ask(stranger, picture(stranger))
        assert "操作过于频繁" in stranger.errors[0]
        clock.forward(hours=1)
        prove_phone(stranger, PHONE)
        assert len(texts(PHONE)) == 6


def test_a_code_can_be_guessed_five_times(browser: Visitor) -> None:
    browser.get(REGISTER)
    prove_phone(browser, PHONE)
    code = sms(PHONE)
    browser.fill({"登录名": "zhang.san", "我已阅读并同意用户服务协议和个人信息保护告知书，且已年满 14 周岁": True})
    answers = []
    for guess in [f"{(int(code) + 1) % 1_000_000:06d}"] * 5 + [code]:
        browser.fill({"密码": PASSWORD, "确认密码": PASSWORD, "短信验证码": guess}).submit("注册账号")
        answers += browser.errors
    wrong, spent = "短信验证码不正确。请核对短信后重新输入。", "短信验证码已使用或错误次数过多，不再有效。请重新获取。"
    assert answers == [wrong] * 4 + [spent] * 2
    assert not Account.objects.exists()
