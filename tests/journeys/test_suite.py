"""The algorithms the run was asked for are those that work: a person's data, password and trail are looked at.

The environment decides, not the settings: a run that says gm and seals with AES, because it found somebody else's keys,
must not pass.
"""

import os
from typing import Any, Never

import pytest

from tests.journeys.people import PASSWORD, log_in, prove_phone
from tests.journeys.test_accounts import CONSENT
from tests.journeys.test_proofing import ZHANG_SAN, badge
from tests.journeys.visitor import Visitor
from tests.unit.proofing.conftest import on_record
from tests.unit.proofing.people import person
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.audit import keys as audit_keys
from tongban.audit.findings import Kind
from tongban.audit.flows.seal import seal_waiting
from tongban.audit.flows.verify import verify
from tongban.audit.models import Event, Seal
from tongban.kernel import crypto_suites
from tongban.vault import keys as vault_keys
from tongban.vault import queries
from tongban.vault.suites import SUITES

ASKED_FOR = os.environ.get("TONGBAN_CRYPTO_SUITE", "international")
PASSWORDS = {"international": "peppered-argon2id$", "gm": "peppered-pbkdf2-sm3$"}
SUITE = crypto_suites.SUITES[ASKED_FOR]


@pytest.fixture(autouse=True)
def _no_other_cipher(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ciphers of the other suite seal nothing."""

    def refuse(*_about: object, **_more: object) -> Never:
        pytest.fail(f"sealed with an algorithm other than {SUITE.sealing}")

    for name, suite in SUITES.items():
        if name != SUITE.sealing:
            monkeypatch.setattr(type(suite), "encrypt", refuse)


def test_a_person_is_kept_under_the_algorithms_that_were_asked_for(browser: Visitor) -> None:
    on_record(person())
    browser.get("/register/natural/")
    prove_phone(browser, "13800138000")
    browser.fill({"登录名": "zhang.san", "密码": PASSWORD, "确认密码": PASSWORD, CONSENT: True}).submit("注册账号")
    log_in(browser, Realm.NATURAL, "zhang.san")
    browser.get("/account/profile/").click("修改个人信息").fill(ZHANG_SAN).submit("保存")
    assert badge(browser) == "已实名认证"

    for use in vault_keys.USES:
        assert vault_keys.current(use).suite == SUITE.sealing
        assert queries.rows_of_key(vault_keys.current(use)) > 0, use
    assert queries.left_to_move() == 0
    assert Account.objects.get(login_name="zhang.san").password.startswith(PASSWORDS[ASKED_FOR])

    seal_waiting()
    assert Seal.objects.count() == Event.objects.count() > 0
    assert suites_of("chain", Seal.objects.values_list("key_id", flat=True)) == {SUITE.hash}
    assert suites_of("event", Event.objects.values_list("key_id", flat=True)) == {SUITE.hash}
    # The tests' database has no triggers.
    assert {finding.kind for finding in verify().findings} <= {Kind.GUARD_MISSING}


def suites_of(use: str, key_ids: Any) -> set[str | None]:
    """Return the hashes of the keys that signed."""
    return {audit_keys.hash_of(use, key_id) for key_id in key_ids}
