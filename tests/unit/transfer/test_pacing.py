"""Answers to log-ins leave in ticks: by what was typed, while slow hashes are kept, and until their last day."""

from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

import pytest
from pytest_django import Settings

from tests.journeys.people import somebody
from tests.journeys.transferred import LEGACY_PHONE, STRONG, USCC, of_every_kind, transferred
from tongban.accounts import credentials, ticks
from tongban.accounts.errors import LogInRefused
from tongban.accounts.flows.log_in import log_in
from tongban.accounts.flows.prove_password import PasswordAttempt
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm, login_names
from tongban.audit.actors import Actor
from tongban.kernel import clock
from tongban.transfer.flows.note_slow_kinds import note_slow_kinds
from tongban.transfer.flows.retire_passwords import retire_passwords
from tongban.transfer.legacy_hash import LegacyKind
from tongban.transfer.models import SlowPasswordKind

pytestmark = pytest.mark.django_db


def tick(name: str, realm: Realm = Realm.NATURAL) -> float:
    return ticks.of(realm, login_names.key(name))


def test_only_while_slow_kinds_are_kept(settings: Settings) -> None:
    assert tick(LEGACY_PHONE) == 0
    note_slow_kinds([LegacyKind.MD5])
    assert tick(LEGACY_PHONE) == 0
    note_slow_kinds([LegacyKind.MD5, LegacyKind.BCRYPT])
    note_slow_kinds([LegacyKind.BCRYPT])
    assert list(SlowPasswordKind.objects.values_list("kind", flat=True)) == ["bcrypt"]
    assert tick(LEGACY_PHONE) == settings.LEGACY_LOG_IN_TICK
    settings.LEGACY_PASSWORDS_UNTIL = (clock.now() - timedelta(days=2)).date().isoformat()
    assert tick(LEGACY_PHONE) == 0
    retire_passwords()
    assert not SlowPasswordKind.objects.exists()


@pytest.mark.parametrize(
    ("name", "realm", "ticks_"),
    [
        (LEGACY_PHONE, Realm.NATURAL, True),
        (f"hj_{LEGACY_PHONE}", Realm.NATURAL, True),
        (f"ＨＪ＿{LEGACY_PHONE}", Realm.NATURAL, True),
        (USCC, Realm.NATURAL, True),
        (USCC.lower(), Realm.LEGAL, True),
        (f"HJ_{USCC}", Realm.LEGAL, True),
        ("13900000009", Realm.LEGAL, True),
        ("zhang.san", Realm.NATURAL, False),
        ("1370013700", Realm.NATURAL, False),
        (f"x{LEGACY_PHONE}", Realm.NATURAL, False),
        (LEGACY_PHONE, Realm.STAFF, False),
    ],
)
def test_it_depends_on_the_shape_of_what_was_typed(settings: Settings, name: str, realm: Realm, ticks_: bool) -> None:
    note_slow_kinds([LegacyKind.PBKDF2_SHA256])
    assert tick(name, realm) == (settings.LEGACY_LOG_IN_TICK if ticks_ else 0)


def test_every_attempt_under_such_a_name_waits_for_the_tick() -> None:
    note_slow_kinds([LegacyKind.BCRYPT])
    transferred(legacy_hash=of_every_kind(STRONG)[LegacyKind.BCRYPT])
    somebody("13900000009", "13900000009")
    somebody("zhang.san", "13800000001")
    Account.objects.filter(login_name="13900000009").update(password="!")

    def slept(name: str, password: str) -> int:
        waits: list[float] = []
        attempt = PasswordAttempt(realm=Realm.NATURAL, login_name=name, password=password, network="10.0.0.1")
        with patch.object(credentials, "sleep", waits.append), suppress(LogInRefused):
            log_in(actor=Actor.anonymous(), attempt=attempt)
        return len(waits)

    for name in (LEGACY_PHONE, "13900000009", "13600000006"):
        assert slept(name, "wrong") == 1, name
    assert slept(LEGACY_PHONE, STRONG) == 1
    assert slept("zhang.san", "wrong") == 0
