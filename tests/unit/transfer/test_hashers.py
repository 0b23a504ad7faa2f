"""Sealed legacy passwords: they open their own account once, cost what any password costs, and can be taken away."""

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import md5
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from pytest_django import Settings

from tests.journeys.people import PASSWORD, somebody
from tests.moved_clock import moved_clock
from tests.unit.transfer.test_legacy_hash import MD5, VECTORS
from tongban.accounts import credentials, hashers
from tongban.accounts.credentials import Verdict, judge
from tongban.accounts.hashers import argon2 as hash_with_argon2
from tongban.accounts.models import Account
from tongban.audit.models import Event
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.transfer import checks
from tongban.transfer.flows.retire_passwords import retire_passwords
from tongban.transfer.hashers import PasswordSealer, SealedLegacyPassword, is_over, unsealed
from tongban.transfer.legacy_hash import LegacyHash, LegacyKind
from tongban.vault.errors import Tampered

STRONG = "Drei-Quitten-im-Korb"
HASHER = SealedLegacyPassword()


def sealed(account: Account, text: str = f"md5${MD5}") -> Account:
    """Return the account with a sealed legacy password."""
    account.password = PasswordSealer().seal(LegacyHash.parse(text), account.id)
    account.save(update_fields=["password"])
    return account


def md5_of(password: str) -> str:
    return f"md5${md5(password.encode(), usedforsecurity=False).hexdigest()}"


@pytest.mark.parametrize(("text", "password", "kind"), VECTORS)
def test_every_kind_is_sealed_and_opened(text: str, password: str, kind: LegacyKind) -> None:
    sealer, mine = PasswordSealer(), new_id()
    encoded = sealer.seal(LegacyHash.parse(text), mine)
    assert text not in encoded
    assert len(encoded) <= (Account._meta.get_field("password").max_length or 0)
    assert HASHER.opens(password, encoded, mine)
    assert not HASHER.opens(password + "x", encoded, mine)
    assert sealer.seal(LegacyHash.parse(text), mine) != encoded, "sealed anew each time"


def test_the_longest_fits_its_column() -> None:
    text = f"pbkdf2-sha512$400000${'s' * 45}${'a' * 128}"
    assert len(PasswordSealer().seal(LegacyHash.parse(text), new_id())) <= 400


def test_in_another_account_it_opens_nothing() -> None:
    mine, yours = new_id(), new_id()
    encoded = PasswordSealer().seal(LegacyHash.parse(f"md5${MD5}"), mine)
    assert HASHER.opens("123456", encoded, mine)
    assert not HASHER.opens("123456", encoded, yours)
    with pytest.raises(Tampered):
        unsealed(encoded, yours)
    assert not check_password("123456", encoded), "without an account it opens nothing at all"


def test_altered_text_opens_nothing() -> None:
    mine = new_id()
    encoded = PasswordSealer().seal(LegacyHash.parse(f"md5${MD5}"), mine)
    algorithm, key, text = encoded.split("$")
    for other in (
        f"{algorithm}$00000000${text}",
        f"{algorithm}$zz${text}",
        f"{algorithm}${key}${text[:-8]}",
        f"{algorithm}${key}$x",
        f"{algorithm}${key}$",
        f"{algorithm}${key}${'A' if text[0] != 'A' else 'B'}{text[1:]}",
    ):
        assert not HASHER.opens("123456", other, mine)


def test_a_summary_shows_no_secret_and_not_the_kind() -> None:
    encoded = PasswordSealer().seal(LegacyHash.parse(f"md5${MD5}"), new_id())
    hasher = identify_hasher(encoded)
    assert set(hasher.safe_summary(encoded).values()) == {"sealed-legacy", encoded.split("$")[1]}
    assert hasher.must_update(encoded)
    assert hasher.harden_runtime("x", encoded) is None  # type: ignore[func-returns-value]
    with pytest.raises(NotImplementedError):
        hasher.encode("x", "y")
    with pytest.raises(NotImplementedError):
        hashers.ForeignHasher().opens("x", "y", new_id())


@pytest.fixture
def argon2(settings: Settings) -> Iterator[list[str]]:
    """What Argon2, preferred whatever suite the tests run with, is asked while the test runs."""
    settings.PASSWORD_HASHERS = [
        "tongban.accounts.hashers.PepperedArgon2",
        "tongban.transfer.hashers.SealedLegacyPassword",
    ]
    asked: list[str] = []

    def heard(*args: Any, **kwargs: Any) -> bytes:
        asked.append("argon2")
        return hash_with_argon2(*args, **kwargs)

    with patch.object(hashers, "argon2", heard):
        yield asked


@pytest.mark.django_db
def test_one_argon2_right_or_wrong(argon2: list[str], settings: Settings) -> None:
    account = sealed(somebody(), md5_of(STRONG))
    argon2.clear()
    assert not judge(account, "wrong").is_right
    assert argon2 == ["argon2"]
    argon2.clear()
    verdict = judge(account, STRONG)
    assert argon2 == ["argon2"]
    assert (verdict.is_right, verdict.is_weak) == (True, False)
    assert check_password(STRONG, verdict.renewed or "")
    settings.LEGACY_PASSWORDS_UNTIL = "2000-01-01"
    argon2.clear()
    assert judge(account, STRONG) == Verdict(is_right=False)
    assert argon2 == ["argon2"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password", ["123456", "password1234", "zhang.san is my name", "my-13800000001-phone", "x" * 129]
)
def test_what_breaks_our_rules_is_right_and_weak(password: str) -> None:
    account = sealed(somebody("zhang.san", "13800000001"), md5_of(password))
    verdict = judge(account, password)
    assert (verdict.is_right, verdict.is_weak) == (True, True)


@pytest.mark.django_db
def test_an_account_without_a_phone_is_judged_too() -> None:
    account = sealed(somebody(), md5_of(STRONG))
    account.phone = None
    assert judge(account, STRONG).is_right


@pytest.mark.django_db
def test_answers_leave_with_the_tick() -> None:
    slept: list[float] = []
    with (
        patch.object(credentials, "monotonic", iter([10, 10.03, 20, 20.93, 30, 30.03, 900, 900.03, 901]).__next__),
        patch.object(credentials, "sleep", slept.append),
        patch.object(credentials, "_lately", deque()),
    ):
        for _ in range(4):
            judge(None, "x", tick=0.4)
        judge(None, "x")
    assert slept == [pytest.approx(seconds) for seconds in (0.37, 0.27, 1.17, 0.37)]


@pytest.mark.parametrize(("until", "over"), [("", False), ("2026-11-02", False), ("2026-11-01", True)])
def test_the_last_day(settings: Settings, until: str, over: bool) -> None:
    settings.LEGACY_PASSWORDS_UNTIL = until
    with moved_clock() as moved:
        moved.now = datetime(2026, 11, 2, 10, tzinfo=UTC)
        assert is_over() is over


@pytest.mark.django_db
def test_after_the_last_day_they_are_erased(settings: Settings) -> None:
    mine, others = sealed(somebody()), somebody("other", "13800000009")
    assert retire_passwords() == 0
    settings.LEGACY_PASSWORDS_UNTIL = (clock.now() - timedelta(days=2)).date().isoformat()
    assert retire_passwords() == 1
    assert retire_passwords() == 0
    mine.refresh_from_db()
    others.refresh_from_db()
    assert mine.password.startswith("!")
    assert check_password(PASSWORD, others.password)
    (event,) = Event.objects.filter(name="transfer:passwords:retired")
    assert event.facts == {"accounts": 1}
    assert not judge(mine, "123456").is_right


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("LEGACY_PASSWORDS_UNTIL", "2027-12-31", []),
        ("LEGACY_PASSWORDS_UNTIL", "", []),
        ("LEGACY_PASSWORDS_UNTIL", "31.12.2027", ["transfer.C001"]),
        ("LEGACY_LOG_IN_TICK", 0, ["transfer.C002"]),
        ("LEGACY_LOG_IN_TICK", 2.5, ["transfer.C002"]),
    ],
)
def test_unsafe_settings_are_found(settings: Settings, name: str, value: Any, found: list[str]) -> None:
    setattr(settings, name, value)
    assert [message.id for message in checks.legacy_passwords_end(None)] == found


def test_ordinary_passwords_are_not_touched() -> None:
    assert not isinstance(identify_hasher(make_password(PASSWORD)), SealedLegacyPassword)


@pytest.mark.django_db
def test_every_log_in_opens_something(settings: Settings) -> None:
    """Sealed or not, known or not: what opening costs does not tell."""
    mine, ordinary = sealed(somebody("zhang.san"), md5_of(STRONG)), somebody("li.si", "13800000002")
    opened: list[str] = []
    with patch.object(LegacyHash, "opens", lambda _self, password: opened.append(password)):
        for account in (mine, ordinary, None):
            judge(account, "wrong")
        assert opened == ["wrong"] * 3
        settings.LEGACY_PASSWORDS_UNTIL = "2000-01-01"
        for account in (mine, ordinary, None):
            judge(account, "wrong")
        assert len(opened) == 3, "nor when nothing opens any more"
