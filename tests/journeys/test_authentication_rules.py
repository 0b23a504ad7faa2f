"""Rules of authentication that no single window shows."""

import re
from pathlib import Path

import pytest

from tests.journeys.people import log_in, somebody
from tests.journeys.staff import give_password
from tests.journeys.visitor import Visitor
from tests.moved_clock import moved_clock
from tongban.accounts.backend import PATH
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm

MODULE = Path(__file__).resolve().parents[2] / "src/tongban/design/static/design/tongban.js"


def test_a_fresh_platform_has_no_account_and_no_password_that_everybody_knows(browser: Visitor) -> None:
    assert not Account.objects.exists()
    for name in ("admin", "root", "administrator", "test"):
        for realm in (Realm.NATURAL, Realm.LEGAL):
            assert log_in(browser, realm, name, name).path.startswith("/log-in/")
        assert give_password(browser, name, name).path.startswith("/staff/log-in/")


def test_a_password_never_has_to_be_changed_because_of_its_age(browser: Visitor) -> None:
    with moved_clock() as clock:
        somebody("zhang.san")
        clock.forward(days=400)
        log_in(browser, Realm.NATURAL, "zhang.san")
    assert browser.path == "/account/"
    assert "密码" not in browser.heading


@pytest.mark.parametrize(
    ("path", "tokens"),
    [
        ("/log-in/natural/", ["current-password"]),
        ("/log-in/legal/", ["current-password"]),
        ("/staff/log-in/", ["current-password"]),
        ("/register/natural/", ["new-password", "new-password"]),
        ("/register/legal/", ["new-password", "new-password"]),
        ("/account/security/password/", ["current-password", "new-password", "new-password"]),
        ("/account/security/phone/", ["current-password"]),
    ],
)
def test_password_managers_are_welcome_everywhere(browser: Visitor, path: str, tokens: list[str]) -> None:
    if path.startswith("/account/"):
        browser.client.force_login(somebody(), backend=PATH)
    controls = browser.get(path).page.xpath(".//input[contains(@autocomplete, 'password')]")
    assert [control.get("autocomplete") for control in controls] == tokens
    for control in controls:
        assert control.get("type") == "password"
        assert not {"maxlength", "readonly", "pattern", "onpaste"} & set(control.attrib)


def test_nothing_stands_in_the_way_of_pasting() -> None:
    assert not re.search("paste|oncopy|beforeinput", MODULE.read_text(encoding="utf-8"))
