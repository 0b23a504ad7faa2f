"""Passwords under national algorithms, and two kinds side by side: same price, hashed anew at log-in, both ways."""

from collections.abc import Callable, Iterator
from typing import Any, Never
from unittest.mock import patch

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password

from tests.journeys.people import PASSWORD, somebody
from tongban.accounts import checks, credentials, hashers
from tongban.accounts.hashers import PepperedArgon2, PepperedHasher, PepperedPbkdf2Sm3, pbkdf2_sm3
from tongban.accounts.models import Account
from tongban.vault import digests

ARGON2, SM3 = "tongban.accounts.hashers.PepperedArgon2", "tongban.accounts.hashers.PepperedPbkdf2Sm3"
KINDS = {ARGON2: PepperedArgon2.algorithm, SM3: PepperedPbkdf2Sm3.algorithm}


@pytest.fixture(autouse=True)
def _looked_at_anew() -> Iterator[None]:
    for look in (credentials.forget, hashers.has_pbkdf2_sm3.cache_clear):
        look()
    yield
    for look in (credentials.forget, hashers.has_pbkdf2_sm3.cache_clear):
        look()


def prefer(settings: Any, kind: str) -> None:
    settings.PASSWORD_HASHERS = sorted(KINDS, key=lambda path: path != kind)


@pytest.mark.parametrize(
    ("password", "salt", "rounds", "length", "derived"),
    [
        # GmSSL, tests/pbkdf2test_sm3.h: the inputs of RFC 7914 section 11 and others, with SM3
        (
            b"passwd",
            b"salt",
            1,
            64,
            (
                "30530b86537c85ea33fbe26ee0adea8d8bd91d283b87936f400e83ad2364ef26"
                "32cd8662313657c0e6138ffeda2c4e6805869cbd8030188858d8a675ac762523"
            ),
        ),
        (
            b"Password",
            b"NaCl",
            80000,
            64,
            (
                "6064dd50568a7cd0fab52aea443fd71c6f45044fd0aede5928568be7948a3469"
                "9d2bfce8a435110f551cc0e1814602c03c11ecb7f951fec50602850a5102cb88"
            ),
        ),
        (
            b"",
            bytes.fromhex("1a71e2118c9fbcc9"),
            4096,
            32,
            "20fdb4331ef976d15d8dc1af90d139424dba907d15e890c9b1fd7be9720c9f68",
        ),
    ],
)
def test_published_answers(password: bytes, salt: bytes, rounds: int, length: int, derived: str) -> None:
    assert pbkdf2_sm3(password, salt, rounds, length).hex() == derived


def test_the_encoded_form_names_pepper_and_rounds(settings: Any) -> None:
    prefer(settings, SM3)
    encoded = make_password(PASSWORD)
    algorithm, pepper, rounds, _salt, _hash = encoded.split("$")
    assert (algorithm, pepper, rounds) == ("peppered-pbkdf2-sm3", digests.current_key_id(), "1000")
    assert PASSWORD not in encoded
    assert len(encoded) <= 128, "the column's width"
    assert identify_hasher(encoded).safe_summary(encoded) == {"algorithm": algorithm, "pepper": pepper}


@pytest.mark.parametrize("kind", KINDS)
def test_right_and_wrong(kind: str, settings: Any) -> None:
    prefer(settings, kind)
    hasher = get_hasher()
    encoded = make_password(PASSWORD)
    assert encoded.startswith(KINDS[kind])
    assert hasher.verify(PASSWORD, encoded)
    for wrong in (PASSWORD + "x", PASSWORD.lower(), "", PASSWORD + "\0"):
        assert not hasher.verify(wrong, encoded)
    assert make_password(PASSWORD) != encoded, "salted"
    with patch.object(digests, "keyed_with", lambda *_: f"{digests.current_key_id()}.another"):
        assert not hasher.verify(PASSWORD, encoded)


@pytest.mark.parametrize("kind", KINDS)
def test_a_decoy_fits_nothing_and_is_as_dear_as_todays(kind: str, settings: Any) -> None:
    prefer(settings, kind)
    hasher = get_hasher()
    assert isinstance(hasher, PepperedHasher)
    decoy = hasher.decoy()
    assert not hasher.must_update(decoy)
    assert not hasher.verify("", decoy)
    assert len(decoy) == len(make_password(PASSWORD))


def test_fewer_rounds_and_older_peppers_are_replaced_and_cost_the_same(settings: Any) -> None:
    hasher = PepperedPbkdf2Sm3()
    settings.PBKDF2_ITERATIONS = 400
    encoded = hasher.encode(PASSWORD, hasher.salt())
    assert not hasher.must_update(encoded)
    settings.PBKDF2_ITERATIONS = 1000
    assert hasher.must_update(encoded)
    with patch.object(hashers, "pbkdf2_sm3", side_effect=pbkdf2_sm3) as derived:
        assert hasher.verify(PASSWORD, encoded)
    assert [call.args[2] for call in derived.mock_calls] == [400, 600]
    fresh = hasher.encode(PASSWORD, hasher.salt())
    with patch.object(digests, "current_key_id", lambda: "00000000"):
        assert hasher.must_update(fresh)


@pytest.fixture
def verifications() -> Iterator[list[str]]:
    """The kinds that are verified while the test runs."""
    asked: list[str] = []

    def listening(kind: type[PepperedHasher]) -> Callable[..., bool]:
        verify = kind.verify

        def heard(self: PepperedHasher, password: str, encoded: str) -> bool:
            asked.append(self.algorithm)
            return verify(self, password, encoded)

        return heard

    with (
        patch.object(PepperedArgon2, "verify", listening(PepperedArgon2)),
        patch.object(PepperedPbkdf2Sm3, "verify", listening(PepperedPbkdf2Sm3)),
    ):
        yield asked


@pytest.mark.django_db
@pytest.mark.parametrize("before", KINDS)
def test_while_two_kinds_stand_every_attempt_pays_for_both(
    before: str, settings: Any, verifications: list[str]
) -> None:
    after = next(kind for kind in KINDS if kind != before)
    prefer(settings, before)
    old, broken = somebody("old"), somebody("broken")
    Account.objects.filter(id=broken.id).update(password="!")
    broken.refresh_from_db()
    for account in (old, None, broken):
        verifications.clear()
        credentials.judge(account, PASSWORD)
        assert verifications == [KINDS[before]], "one kind stands: one verification"
    prefer(settings, after)
    credentials.forget()
    new = somebody("new")
    for account, password, right in (
        (old, PASSWORD, True),
        (new, PASSWORD, True),
        (old, "wrong", False),
        (new, "wrong", False),
        (None, PASSWORD, False),
        (broken, PASSWORD, False),
    ):
        verifications.clear()
        assert credentials.judge(account, password).is_right is right
        assert sorted(verifications) == sorted(KINDS.values())
    assert credentials.is_outdated(old)
    assert not credentials.is_outdated(new)


@pytest.mark.django_db
def test_a_password_of_the_other_kind_met_later_is_remembered(settings: Any, verifications: list[str]) -> None:
    prefer(settings, SM3)
    credentials.judge(None, PASSWORD)
    assert verifications == [KINDS[SM3]]
    account = somebody("written by a process with the former setting")
    account.password = PepperedArgon2().encode(PASSWORD, PepperedArgon2().salt())
    for whose in (account, None):
        verifications.clear()
        credentials.judge(whose, PASSWORD)
        assert sorted(verifications) == sorted(KINDS.values())


def test_a_machine_without_it_does_not_start(settings: Any) -> None:
    def unsupported(*args: object) -> Never:
        message = "SM3 is not supported"
        raise UnsupportedAlgorithm(message)

    prefer(settings, SM3)
    assert checks.passwords_can_be_hashed(None) == []
    hashers.has_pbkdf2_sm3.cache_clear()
    with patch.object(hashers, "pbkdf2_sm3", unsupported):
        assert [error.id for error in checks.passwords_can_be_hashed(None)] == ["accounts.C004"]
        prefer(settings, ARGON2)
        assert checks.passwords_can_be_hashed(None) == []


def test_production_does_not_make_it_cheap(settings: Any) -> None:
    prefer(settings, SM3)
    settings.PROFILE = "production"
    assert [error.id for error in checks.passwords_can_be_hashed(None)] == ["accounts.C005"]
    settings.PBKDF2_ITERATIONS = 600_000
    assert checks.passwords_can_be_hashed(None) == []
