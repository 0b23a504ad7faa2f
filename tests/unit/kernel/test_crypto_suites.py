"""The hashes of both suites give the published answers, and a machine without one is known."""

import hashlib
from collections.abc import Iterator
from typing import Never

import pytest

from tongban.kernel import crypto_suites


@pytest.fixture(autouse=True)
def _looked_at_anew() -> Iterator[None]:
    crypto_suites.has_hash.cache_clear()
    yield
    crypto_suites.has_hash.cache_clear()


@pytest.mark.parametrize(
    ("name", "message", "digest"),
    [
        # GB/T 32905-2016, A.1 and A.2
        ("sm3", b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ("sm3", b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        # FIPS 180-4 examples
        ("sha-256", b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ],
)
def test_published_digests(name: str, message: bytes, digest: str) -> None:
    assert crypto_suites.digest(name, message).hex() == digest


@pytest.mark.parametrize(
    ("name", "key", "message", "mac"),
    [
        (  # GM/T 0042-2015, appendix D.3, example 1
            "sm3",
            bytes(range(1, 33)),
            b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2,
            "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a",
        ),
        (  # the same, example 2
            "sm3",
            bytes(range(1, 38)),
            b"\xcd" * 50,
            "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae",
        ),
        (  # RFC 4231, test case 2
            "sha-256",
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
    ],
)
def test_published_macs(name: str, key: bytes, message: bytes, mac: str) -> None:
    assert crypto_suites.mac(name, key, message).hex() == mac
    assert [made.hex() for made in crypto_suites.macs(name, key, [message, b"x", message])][::2] == [mac, mac]


def test_every_suite_names_hashes_there_are() -> None:
    for name, suite in crypto_suites.SUITES.items():
        assert suite.name == name
        assert crypto_suites.has_hash(suite.hash)


def test_a_hash_nobody_knows_is_lacking() -> None:
    assert not crypto_suites.has_hash("md5")


def test_a_machine_whose_openssl_has_no_sm3_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(name: str, message: bytes = b"") -> Never:
        message_of_openssl = f"unsupported hash type {name}"
        raise ValueError(message_of_openssl)

    monkeypatch.setattr(hashlib, "new", without)
    assert not crypto_suites.has_hash("sm3")
