"""What a new password may be."""

import secrets
import string
from datetime import timedelta

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from tests.journeys.people import PASSWORD, somebody
from tongban.accounts.errors import PasswordRefused
from tongban.accounts.models import Account
from tongban.accounts.password_policy import breaks_rules, check_new_password, is_guessable, must_be_replaced
from tongban.accounts.rules import Realm, passwords
from tongban.kernel import clock


def verdict(password: str, context: tuple[str, ...] = (), shortest: int = 12) -> str:
    try:
        passwords.check(password, shortest=shortest, context=context)
    except PasswordRefused as refused:
        return refused.code.removeprefix("accounts.password_")
    return "good"


@pytest.mark.parametrize(
    "password",
    [
        "Zwei-Birnen-im-Korb",
        "horse battery staple correct",
        "qvmxkwzjtrpl",
        "床前明月光疑是地上霜吗",
        "春天种下的石榴树开花了",
        "🐻🍐🍋 im Regen",
        "Tr4ktor&Lampe",
        " leading and trailing ",
        "a1b2c9d8e3f7g4",
        "x" * 11 + "qwvzkpmjrt",
    ],
)
def test_good_passwords(password: str) -> None:
    assert verdict(password, shortest=11) == "good"


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password1234!",
        "P@ssw0rd2024",
        "p a s s w o r d 1 2 3 4",
        "qwertyuiop123",
        "1qaz2wsx3edc",
        "1q2w3e4r5t6y",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "123456789012345",
        "987654321098",
        "abcdefghijklmnop",
        "woaini1314520",
        "sunshinedragon",
        "dragon-monkey",
        "iloveyou12345",
        "ｐａｓｓｗｏｒｄ１２３４",
        "147258369147",
        "!@#$%^&*()_+",
    ],
)
def test_guessable_passwords(password: str) -> None:
    assert verdict(password) == "common"


@pytest.mark.parametrize("password", ['!QA"WS3ed4rf', "!sakarya5454", "#Hausbaum123", "0151noob8198"])
def test_breached_passwords(password: str) -> None:
    assert verdict(password) == "common"


@pytest.mark.parametrize(
    ("length", "code"), [(11, "short"), (12, "good"), (64, "good"), (128, "good"), (129, "long"), (5000, "long")]
)
def test_lengths(length: int, code: str) -> None:
    # Every other character random, or a long one would be a repetition.
    letters = "".join(secrets.choice(string.ascii_letters + string.digits) for _position in range(length))
    assert verdict(letters) == code


@pytest.mark.parametrize(
    "word", ["zhang.san", "ZHANG.SAN", "13800138000", "甲公司", "91110108MA00000070", "ｚｈａｎｇ.san", "张三"]
)
def test_what_an_attacker_knows_does_not_stand_inside(word: str) -> None:
    password = f"Birne{word}Korb-7"
    assert verdict(password, context=(word.lower(),)) == "context"
    assert verdict(password) in {"good", "common"}


@pytest.mark.parametrize("word", ["", "abc", "三"])
def test_short_words_do_not_count(word: str) -> None:
    assert verdict("Birne abc 三 Korb-71", context=(word,)) == "good"


@hypothesis.settings(deadline=None)  # the first call reads the list of common passwords
@given(st.text(max_size=160))
def test_any_text_gets_a_verdict(password: str) -> None:
    assert verdict(password) in {"good", "short", "long", "common"}


def test_the_platforms_own_words_and_numbers(settings: Settings) -> None:
    settings.SITE_NAME, settings.OPERATOR, settings.PASSWORD_CONTEXT = "某部政务服务平台", "某部信息中心", ["hall"]
    for password in ("birne某部政务服务平台korb", "birne某部信息中心korb7", "birne-HALL-korb7"):
        with pytest.raises(PasswordRefused, match="context"):
            check_new_password(password, realm=Realm.NATURAL, context=())
    settings.SITE_IN_ENGLISH = {"某部信息中心": "Birnenamt", "某网": "Kiwis"}
    with pytest.raises(PasswordRefused, match="context"):
        check_new_password("vier-birnenamt-korb7", realm=Realm.NATURAL, context=())
    check_new_password("Vier-Kiwis-am", realm=Realm.LEGAL, context=())
    with pytest.raises(PasswordRefused, match="short"):
        check_new_password("Vier-Kiwis-am", realm=Realm.STAFF, context=())


@pytest.mark.parametrize(
    ("password", "kinds"),
    [
        ("vier kiwis im korb", 2),
        ("vierkiwisimkorb", 1),
        ("VierKiwis7imKorb", 3),
        ("Vier Kiwis 7 im Korb", 4),
        ("四个猕猴桃在篮子里呢好吃", 1),
    ],
)
def test_an_assessor_may_ask_for_kinds_of_characters(settings: Settings, password: str, kinds: int) -> None:
    for asked in range(5):
        settings.PASSWORD_COMPOSITION = asked
        if asked <= kinds:
            check_new_password(password, realm=Realm.NATURAL, context=())
        else:
            with pytest.raises(PasswordRefused, match="composition"):
                check_new_password(password, realm=Realm.NATURAL, context=())


@pytest.mark.parametrize(("days", "age", "too_old"), [(0, 4000, False), (90, 89, False), (90, 90, True)])
def test_an_assessor_may_ask_for_a_change_by_the_calendar(
    settings: Settings, days: int, age: int, too_old: bool
) -> None:
    settings.PASSWORD_DAYS = days
    account = Account(password_changed_at=clock.now() - timedelta(days=age))
    assert must_be_replaced(account) == too_old
    assert must_be_replaced(Account(password_changed_at=clock.now(), weak_password_since=clock.now()))


@pytest.mark.django_db
def test_what_was_accepted_once_may_have_become_guessable(settings: Settings) -> None:
    account = somebody("zhang.san", "13800000001")
    settings.PASSWORD_LENGTH, settings.PASSWORD_COMPOSITION = 40, 4
    assert not is_guessable(account, PASSWORD), "that a rule became stricter says nothing about the password"
    assert breaks_rules(account, PASSWORD)
    for guessable in ("password1234", "xx-zhang.san-xx", "my-13800000001-phone", f"hello-{settings.SITE_NAME}"):
        assert is_guessable(account, guessable), guessable
    settings.PASSWORD_CONTEXT = [*settings.PASSWORD_CONTEXT, PASSWORD[:8]]
    assert is_guessable(account, PASSWORD), "the operator knows a new word"
