"""Known and unknown login names, unit names and case numbers get answers that cannot be told apart.

`bench/uniformity.py`, whose way of comparing is used here, does the same with 20 pairs, and measures what they cost.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bench.uniformity import fingerprint, mann_whitney
from pytest_django import Settings

from tests.journeys.people import picture, some_unit, somebody
from tests.journeys.visitor import Visitor
from tests.moved_clock import MovedClock, moved_clock
from tongban.audit.actors import Actor
from tongban.kernel import clock as time
from tongban.kernel.mobile import Mobile
from tongban.recovery.rules import NATURAL_KIND
from tongban.review import case_numbers
from tongban.review.flows.open_case import open_case

PAIRS = 3
KNOWN, UNKNOWN = "known.one", "never.one"
PHONE, OTHER_PHONE = "13800000001", "13900000009"
UNIT_PHONE = "13800000002"
USCC, FREE_USCC = "91110108MA00000070", "91110108MADM000001"
NEW, CODE = "Korb-voll-reifer-Quitten", "739182"
Said = tuple[str, ...]


@pytest.fixture(autouse=True)
def clock(settings: Settings) -> Iterator[MovedClock]:
    """Time stands still, limits stand open, and a person, a unit and a case exist."""
    for name in ("SMS_RATES_PHONE", "SMS_RATES_NETWORK", "RECOVERY_PER_ACCOUNT", "RECOVERY_PER_UNIT"):
        setattr(settings, name, "100000/d")
    settings.HUMAN_CHECK_RATES_NETWORK = "100000/5min"
    settings.LOG_IN_FAILURES = settings.LOG_IN_FAILURES_NETWORK = 100_000
    somebody(KNOWN, PHONE)
    some_unit()
    with moved_clock() as moved:
        yield moved


def log_in(visitor: Visitor, said: Said) -> None:
    visitor.get("/log-in/natural/").fill({"登录名": said[0], "密码": "wrong"}).submit("登录", follow=False)


def search(visitor: Visitor, said: Said, realm: str = "natural", *, follow: bool = False) -> None:
    visitor.get(f"/recover/{realm}/login-name/")
    visitor.fill({"登录名": said[0], "验证码": picture(visitor)}).submit("检索登录名", follow=follow)


def see_form(visitor: Visitor, said: Said) -> None:
    search(visitor, said, follow=True)


def ask_code(visitor: Visitor, said: Said) -> None:
    search(visitor, said, follow=True)
    visitor.fill({"预留手机号": said[1]}).submit("获取验证码", follow=False)


def wrong_code(visitor: Visitor, said: Said) -> None:
    ask_code(visitor, said)
    visitor.fill({"新密码": NEW, "手机验证码": CODE}).submit("确定", follow=False)


def ask_code_as_unit(visitor: Visitor, said: Said) -> None:
    search(visitor, said, "legal", follow=True)
    unit: Any = {"预留手机号": said[1], "单位名称": "甲公司", "统一社会信用代码": USCC}
    visitor.fill(unit).submit("获取验证码", follow=False)


def search_unit(visitor: Visitor, said: Said) -> None:
    visitor.get("/recover/legal/appeal/")
    visitor.fill({"单位名称": said[0], "验证码": picture(visitor)}).submit("检索单位名称", follow=False)


def see_unit(visitor: Visitor, said: Said) -> None:
    search_unit(visitor, said)
    visitor.follow()


def ask_contact(visitor: Visitor, said: Said) -> None:
    visitor.get("/recover/legal/contact/")
    visitor.fill({"统一社会信用代码": said[0], "验证码": picture(visitor)}).submit("检索", follow=False)


def see_contact(visitor: Visitor, said: Said) -> None:
    ask_contact(visitor, said)
    visitor.follow()


def ask_status(visitor: Visitor, said: Said) -> None:
    visitor.get("/recover/appeals/status/")
    typed: Any = {"办件编号": said[0], "手机号码": said[1], "验证码": picture(visitor)}
    visitor.fill(typed).submit("获取验证码", follow=False)


def see_no_status(visitor: Visitor, said: Said) -> None:
    ask_status(visitor, said)
    visitor.fill({"短信验证码": CODE}).submit("查询", follow=False)


NAMES = ((KNOWN, PHONE), (UNKNOWN, OTHER_PHONE))
WRONG_PHONE = ((KNOWN, "13900000008"), (UNKNOWN, OTHER_PHONE))
UNIT_NAMES = (("unit.one", UNIT_PHONE), ("unit.six", OTHER_PHONE))
UNITS = (("甲公司",), ("丁公司",))
CODES = ((USCC,), (FREE_USCC,))


@pytest.mark.parametrize(
    ("exchange", "pair"),
    [
        (log_in, NAMES),
        (search, NAMES),
        (see_form, NAMES),
        (ask_code, NAMES),
        (ask_code, WRONG_PHONE),
        (wrong_code, NAMES),
        (ask_code_as_unit, UNIT_NAMES),
        (search_unit, UNITS),
        (see_unit, UNITS),
        (ask_contact, CODES),
        (see_contact, CODES),
        (ask_status, ()),
        (see_no_status, ()),
    ],
)
def test_answers_cannot_be_told_apart(exchange: Callable[[Visitor, Said], None], pair: tuple[Said, ...]) -> None:
    known, unknown = pair or _cases()
    for _ in range(PAIRS):
        assert _answer(exchange, known) == _answer(exchange, unknown)


def _cases() -> tuple[Said, Said]:
    case = open_case(
        actor=Actor.anonymous(),
        kind=NATURAL_KIND,
        account_id=None,
        subjects={},
        data={},
        contact_phone=Mobile.parse("13900000001"),
        key="one",
    )
    return (case.number, "13900000001"), (case_numbers.new(time.now()), OTHER_PHONE)


def _answer(exchange: Callable[[Visitor, Said], None], said: Said) -> tuple[object, ...]:
    visitor = Visitor()
    exchange(visitor, said)
    response = visitor.response
    cookies = [("Set-Cookie", morsel.OutputString()) for morsel in visitor.client.cookies.values()]
    headers = [*response.items(), *cookies]
    return fingerprint(status=response.status_code, headers=headers, body=response.content.decode(), typed=said)


def test_differences_are_seen() -> None:
    """The comparison itself: whatever differs is found, what only changes is not."""

    def seen(*, status: int = 200, body: str = "", header: str = "a", cookie: str = "k=abc; Path=/") -> object:
        headers = [("X-Test", header), ("Set-Cookie", cookie), ("Date", body)]
        return fingerprint(status=status, headers=headers, body=body, typed=["13800000001"])

    assert seen() == seen(cookie="k=xyz; Path=/")
    assert seen(body="给 138****0001") == seen(body="给 …")
    differing = [seen(), seen(status=302), seen(body="x"), seen(header="b"), seen(cookie="k=abcd; Path=/")]
    assert len(set(differing)) == len(differing)


def test_the_rank_test_knows_the_textbook() -> None:
    assert mann_whitney([1.0, 1.0], [1.0, 1.0]) == 1.0
    assert mann_whitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) == pytest.approx(0.012, abs=0.001)
    # By hand: ranks 1 3 3 5 7 10.5, U = 8.5, ties 24 + 6, variance 36/12 · (13 - 30/132), z = 9/6.190 = 1.454.
    assert mann_whitney([1, 2, 2, 3, 5, 8], [2, 4, 6, 7, 8, 9]) == pytest.approx(0.146, abs=0.0005)
    even = [float(number) for number in range(0, 400, 2)]
    odd = [float(number) for number in range(1, 400, 2)]
    assert mann_whitney(even, odd) > 0.9
    assert mann_whitney(even, [value + 60 for value in odd]) < 0.01
