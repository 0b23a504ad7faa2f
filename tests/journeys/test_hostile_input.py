"""What attackers type: markup, other languages, numbers without end, patterns that take for ever."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from tests.journeys.html import Element, parse, words
from tests.journeys.people import log_in, picture, somebody
from tests.journeys.visitor import Visitor
from tests.unit.review.desk import SINGLE, a_case, reviewer
from tongban.accounts.backend import PATH
from tongban.accounts.errors import PasswordRefused
from tongban.accounts.rules import Realm, login_names, passwords
from tongban.audit.names import _SHAPE as AUDIT_NAMES
from tongban.challenge import rules as challenge_rules
from tongban.kernel import normalise
from tongban.kernel.documents import DocumentKind, parse_document
from tongban.kernel.errors import Invalid
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import Uscc
from tongban.notify.flows.deliver import deliver_due
from tongban.notify.queries import demo_outbox
from tongban.review import kinds

MARKUP = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>", "</title><script>1",
    "<!--", "-->", "</textarea><script>1</script>", "javascript:alert(1)",
    "\u2028alert(1)", "＜script＞alert(1)＜/script＞",
    "<a href=//evil.example>", "&lt;script&gt;", "%3Cscript%3E", "<style>*{}</style>", "<base href=//evil.example>",
]  # fmt: skip
LANGUAGES = [
    "{{7777*7777}}", "{% debug %}", "${7777*7777}", "#{7777*7777}",
    "<%= 7777*7777 %>", "%(password)s", "%s%s%n", "{0.__class__}", "{settings}",
    "' OR '1'='1", "1; DROP TABLE accounts_account;--", "') UNION SELECT password FROM accounts_account--",
    "password__startswith", "$(touch /tmp/x)", "`id`", "| id", "*)(uid=*", "../../etc/passwd", ".*(", "[", "\\",
]  # fmt: skip
CALCULATED = str(7777 * 7777)
HUGE = ["-1", "0", "9" * 30, "9" * 5000, "1e308", "NaN", "٣", "0x10", "1.5", "\x00", "9223372036854775808"]


def elements(page: Element) -> set[str]:
    """Return the kinds of element and the attributes of scripts on the page."""
    found = {str(element.tag) for element in page.iter() if isinstance(element.tag, str)}
    return found | {str(name) for element in page.iter() for name in element.attrib if str(name).startswith("on")}


def test_search_repeats_text_as_text(browser: Visitor) -> None:
    plain = elements(browser.get("/search/", {"q": "nothing-of-the-kind"}).page)
    for text in (*MARKUP, *LANGUAGES):
        response = browser.client.get("/search/", {"q": text})
        page = parse(response.content)
        assert response.status_code == 200
        assert elements(page) <= plain
        assert CALCULATED not in words(page)
        assert page.xpath(".//main//input[@name='q']/@value") == [text.strip()]


@pytest.mark.parametrize("text", [*MARKUP[:3], *LANGUAGES[:4], "' OR '1'='1", "{0.__class__}"])
def test_a_form_gives_text_back_as_text_and_runs_nothing(browser: Visitor, text: str) -> None:
    somebody("zhang.san")
    plain = elements(log_in(browser, Realm.NATURAL, "nobody", "not the right one").page)
    log_in(browser, Realm.NATURAL, text, f"{text} and a password")
    assert (browser.status, browser.path) == (200, "/log-in/natural/"), "nobody gets in"
    assert elements(browser.page) <= plain
    browser.get("/register/natural/").fill({"登录名": text, "手机号码": "13800000009"})
    browser.fill({"验证码": picture(browser)}).submit("获取验证码")
    assert CALCULATED not in browser.value("登录名")
    deliver_due()
    assert [message for message in demo_outbox() if CALCULATED in message.text or text in message.text] == []


@pytest.mark.parametrize("path", ["/notices/?page=", "/account/cases/?page=", "/account/messages/?page="])
def test_numbers_without_end_or_sense_are_no_error_of_ours(browser: Visitor, path: str) -> None:
    browser.client.force_login(somebody(), backend=PATH)
    for number in HUGE:
        assert browser.client.get(path + urlencode({"": number})[1:]).status_code in {200, 400, 404}, number[:40]


@pytest.mark.parametrize("name", ["after", "kind", "state", "due", "mine", "number"])
def test_filters_of_the_desk_stand_anything(browser: Visitor, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(kinds._kinds, SINGLE.kind.name, SINGLE.kind)
    case = a_case().id
    browser.client.force_login(reviewer(), backend=PATH)
    for value in (*HUGE, *LANGUAGES, "9999-12-31_" + "f" * 32, "0001-01-01_" + "0" * 32):
        assert browser.client.get(f"/desk/?{urlencode({name: value})}").status_code < 500, value[:40]
    for number in ("0", "99999999999999999999999999"):
        assert browser.client.get(f"/desk/cases/{case}/decide/x/{number}/").status_code < 500


def refuses(parse: Callable[[str], Any]) -> Callable[[str], None]:
    def judge(text: str) -> None:
        try:
            parse(text)
        except (Invalid, ValueError):
            return

    return judge


def password(text: str) -> None:
    try:
        passwords.check(text, shortest=12, context=(text[:50],))
    except PasswordRefused:
        return


PARSERS: dict[str, Callable[[str], Any]] = {
    "text": normalise.text,
    "identifier": normalise.identifier,
    "mobile": refuses(Mobile.parse),
    "person": refuses(PersonName.parse),
    "unit": refuses(UnitName.parse),
    "uscc": refuses(Uscc.parse),
    **{kind.value: refuses(lambda raw, kind=kind: parse_document(kind, raw)) for kind in DocumentKind},  # type: ignore[misc]
    "login name": login_names.key,
    "password": password,
    "rates": refuses(lambda raw: challenge_rules.limits("test", raw)),
    "event name": AUDIT_NAMES.fullmatch,
}
SLOW = ["a" * 50_000, " " * 50_000 + "x", "· " * 25_000, "1" * 50_000, "张" * 50_000, "(" * 50_000, "a:" * 25_000,
        "\u0301" * 50_000, "86" * 25_000, "-" * 50_000, "1/" * 25_000]  # fmt: skip


@pytest.mark.parametrize("name", PARSERS)
def test_no_text_keeps_a_rule_busy(name: str) -> None:
    for text in SLOW:
        before = time.process_time()
        PARSERS[name](text)
        # No measurement: a rule that looks at each character once needs milliseconds, one that backtracks needs hours.
        assert time.process_time() - before < 10, f"{name}: {text[:4]!r}…"


def test_what_is_encoded_twice_is_decoded_once(browser: Visitor) -> None:
    browser.get("/search/?q=%253Cscript%253E")
    assert browser.page.xpath(".//main//input[@name='q']/@value") == ["%3Cscript%3E"]
    assert QueryDict("q=%253C")["q"] == "%3C"
