"""How passwords are stored, and that judging one costs the same whoever asks."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from argon2.low_level import Type, hash_secret, verify_secret
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from tests.journeys.people import PASSWORD, somebody
from tongban.accounts import credentials, hashers
from tongban.accounts.hashers import PepperedArgon2, argon2
from tongban.accounts.models import Account
from tongban.vault import digests


@pytest.fixture(autouse=True)
def _argon2_alone(settings: Any) -> None:
    """Whatever suite the tests run with; `test_password_kinds` has both."""
    settings.PASSWORD_HASHERS = ["tongban.accounts.hashers.PepperedArgon2"]


class OlderArgon2(PepperedArgon2):
    """The same with yesterday's parameters."""

    time_cost = 1


def test_the_parameters_are_owasps() -> None:
    encoded = make_password(PASSWORD)
    algorithm, pepper, kind, version, parameters, _salt, _hash = encoded.split("$")
    assert (algorithm, pepper) == ("peppered-argon2id", digests.current_key_id())
    assert (kind, version, parameters) == ("argon2id", "v=19", "m=19456,t=2,p=1")
    assert PASSWORD not in encoded


def test_the_reference_implementation_agrees() -> None:
    """Passwords outlive the library that hashed them."""
    encoded = make_password(PASSWORD)
    _algorithm, pepper, rest = encoded.split("$", 2)
    peppered = digests.keyed_with(pepper, "accounts.password", PASSWORD).encode()
    assert verify_secret(f"${rest}".encode(), peppered, Type.ID)
    theirs = hash_secret(peppered, b"16 bytes of salt", 3, 8192, 1, 24, Type.ID).decode()
    assert PepperedArgon2().verify(PASSWORD, f"peppered-argon2id${pepper}{theirs}".replace("$$", "$"))


@pytest.mark.parametrize("rest", ["argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA", "argon2id$v=19$m=8,t=1,p=2$AAAA$AAAA", "x"])
def test_what_we_never_wrote(rest: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        PepperedArgon2().verify(PASSWORD, f"peppered-argon2id${digests.current_key_id()}${rest}")


def test_right_and_wrong() -> None:
    encoded = make_password(PASSWORD)
    assert check_password(PASSWORD, encoded)
    for wrong in (PASSWORD + "x", PASSWORD.lower(), "", PASSWORD + "\0"):
        assert not check_password(wrong, encoded)
    assert make_password(PASSWORD) != encoded, "salted"
    assert check_password("", make_password("")), "hashing has no opinion on length"


def test_without_the_pepper_a_hash_is_worthless() -> None:
    encoded = make_password(PASSWORD)
    with patch.object(digests, "keyed_with", lambda *_: "another digest"):
        assert not check_password(PASSWORD, encoded)


def test_older_parameters_and_older_peppers_are_replaced() -> None:
    hasher, older = PepperedArgon2(), OlderArgon2()
    encoded = older.encode(PASSWORD, older.salt())
    assert hasher.verify(PASSWORD, encoded)
    assert hasher.must_update(encoded)
    fresh = make_password(PASSWORD)
    assert not hasher.must_update(fresh)
    with patch.object(digests, "current_key_id", lambda: "00000000"):
        assert hasher.must_update(fresh)


def test_a_summary_shows_no_secret() -> None:
    encoded = make_password(PASSWORD)
    assert set(identify_hasher(encoded).safe_summary(encoded).values()) == {
        "peppered-argon2id",
        digests.current_key_id(),
    }


@pytest.fixture
def verifications() -> Iterator[list[str]]:
    """What Argon2 is asked while the test runs."""
    asked: list[str] = []

    def heard(*args: Any, **kwargs: Any) -> bytes:
        asked.append("argon2")
        return argon2(*args, **kwargs)

    with patch.object(hashers, "argon2", heard):
        yield asked


@pytest.mark.django_db
def test_one_verification_whoever_asks(verifications: list[str]) -> None:
    known, unusable, broken = somebody("known"), somebody("unusable"), somebody("broken")
    Account.objects.filter(id=unusable.id).update(password="!")
    unusable.refresh_from_db()
    broken.password = make_password(None)
    for account, password, right in (
        (known, PASSWORD, True),
        (known, "wrong", False),
        (None, PASSWORD, False),
        (unusable, PASSWORD, False),
        (broken, PASSWORD, False),
    ):
        verifications.clear()
        assert credentials.judge(account, password) == credentials.Verdict(right)
        assert verifications == ["argon2"]


@pytest.mark.django_db
def test_what_is_outdated() -> None:
    account = somebody()
    assert not credentials.is_outdated(account)
    older = OlderArgon2()
    account.password = older.encode(PASSWORD, older.salt())
    assert credentials.is_outdated(account)
