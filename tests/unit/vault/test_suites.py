"""Both suites of the vault: published answers, refusal of whatever was altered, machines that lack one."""

from collections.abc import Iterator
from typing import Any, Never

import pytest
from cryptography.exceptions import UnsupportedAlgorithm

from tongban.kernel import crypto_suites
from tongban.vault import checks, keys, suites
from tongban.vault.errors import Tampered
from tongban.vault.suites import SUITES, Sm4Gcm

ALL = pytest.mark.parametrize("name", sorted(SUITES))
KEY, NONCE = bytes(range(32)), bytes(range(12))


@pytest.fixture(autouse=True)
def _looked_at_anew() -> Iterator[None]:
    suites.works.cache_clear()
    yield
    suites.works.cache_clear()


def test_sm4_gcm_as_rfc_8998_publishes_it() -> None:
    """RFC 8998, appendix A.1."""
    sealed = SUITES["sm4-gcm"].encrypt(
        bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"),
        nonce=bytes.fromhex("00001234567800000000ABCD"),
        plaintext=b"".join(bytes([byte] * 8) for byte in b"\xaa\xbb\xcc\xdd\xee\xff\xee\xaa"),
        aad=bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"),
    )
    assert sealed[:-16].hex().startswith("17f399f08c67d5ee19d0dc9969c4bb7d")
    assert sealed[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"


def test_aes_gcm_as_its_authors_publish_it() -> None:
    """McGrew and Viega, The Galois/Counter Mode of Operation, test case 14."""
    sealed = SUITES["aes-256-gcm"].encrypt(bytes(32), nonce=bytes(12), plaintext=bytes(16), aad=b"")
    assert sealed.hex() == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"


@ALL
def test_this_machine_has_it(name: str) -> None:
    assert suites.works(name)
    assert SUITES[name].name == name


def test_each_configurable_suite_seals_with_one_of_these() -> None:
    assert {suite.sealing for suite in crypto_suites.SUITES.values()} == set(SUITES)


@ALL
@pytest.mark.parametrize("plaintext", [b"", b"x", b"13800000000" * 100])
def test_there_and_back(name: str, plaintext: bytes) -> None:
    suite = SUITES[name]
    sealed = suite.encrypt(KEY, nonce=NONCE, plaintext=plaintext, aad=b"row")
    assert len(sealed) == len(plaintext) + 16
    assert suite.decrypt(KEY, nonce=NONCE, ciphertext=sealed, aad=b"row") == plaintext
    assert suite.encryptor(KEY)(NONCE, plaintext, b"row") == sealed
    assert suite.macs(KEY, [plaintext, b""]) == [suite.mac(KEY, plaintext), suite.mac(KEY, b"")]


@ALL
def test_whatever_was_altered_is_refused(name: str) -> None:
    suite = SUITES[name]
    sealed = suite.encrypt(KEY, nonce=NONCE, plaintext=b"13800000000", aad=b"row")
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(Tampered):
            suite.decrypt(KEY, nonce=NONCE, ciphertext=bytes(altered), aad=b"row")
    for key, nonce, ciphertext, aad in (
        (bytes(32), NONCE, sealed, b"row"),
        (KEY, bytes(12), sealed, b"row"),
        (KEY, NONCE, sealed, b"another row"),
        (KEY, NONCE, sealed[:-1], b"row"),
        (KEY, NONCE, sealed[:15], b"row"),
        (KEY, NONCE, b"", b"row"),
    ):
        with pytest.raises(Tampered):
            suite.decrypt(key, nonce=nonce, ciphertext=ciphertext, aad=aad)


@ALL
def test_mac_is_the_suites_own_hmac(name: str) -> None:
    assert SUITES[name].mac(KEY, b"x") == crypto_suites.mac(SUITES[name].hash, KEY, b"x")


def test_the_two_suites_agree_on_nothing() -> None:
    first, second = (SUITES[name] for name in sorted(SUITES))
    assert first.mac(KEY, b"x") != second.mac(KEY, b"x")
    with pytest.raises(Tampered):
        second.decrypt(KEY, nonce=NONCE, ciphertext=first.encrypt(KEY, nonce=NONCE, plaintext=b"x", aad=b""), aad=b"")


def test_a_platform_without_sm4_does_not_start_with_it(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def unsupported(*args: object, **kwargs: object) -> Never:
        message = "cipher SM4 in GCM mode is not supported by this backend"
        raise UnsupportedAlgorithm(message)

    settings.CRYPTO_SUITE = "gm"
    assert checks.vault_keys(None) == []
    suites.works.cache_clear()
    monkeypatch.setattr(Sm4Gcm, "encrypt", unsupported)
    (error,) = checks.vault_keys(None)
    assert (error.id, error.is_serious()) == ("vault.E005", True)
    assert "sm4-gcm" in error.msg


def test_an_algorithm_that_answers_wrongly_is_no_algorithm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sm4Gcm, "encrypt", lambda *args, **kwargs: b"\0" * 80)
    assert not suites.works("sm4-gcm")


def test_without_the_hash_there_is_no_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto_suites, "has_hash", lambda name: name != "sm3")
    assert not suites.works("sm4-gcm")
    assert suites.works("aes-256-gcm")


def test_keys_of_another_suite_than_configured_are_told(settings: Any) -> None:
    settings.CRYPTO_SUITE = "international"
    assert [keys.current(use).suite for use in keys.USES] == ["aes-256-gcm"] * 3
    settings.CRYPTO_SUITE = "gm"
    (warning,) = checks.vault_keys(None)
    assert (warning.id, warning.is_serious()) == ("vault.W001", False)
    assert "tongban vault rotate" in (warning.hint or "")
