"""Hashes of the legacy platform: vectors made by other programs, and what is refused."""

import base64
import hashlib

import bcrypt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.transfer.errors import LegacyHashRefused
from tongban.transfer.legacy_hash import LONGEST, SLOW, LegacyHash, LegacyKind

# Made by md5sum, sha1sum, sha256sum (coreutils), `openssl dgst -sm3` and `openssl kdf`; bcrypt vectors are those of
# Openwall's crypt_blowfish, the PBKDF2 ones stand in RFC 6070 (SHA-1) and in RFC 7914, section 11 (SHA-256).
MD5 = "e10adc3949ba59abbe56e057f20f883e"  # 123456
SM3_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905-2016, A.1
BCRYPT = "CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
SHA256_PASSWORD = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"

SHA512_ONE_ROUND = (
    "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252"
    "c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce"
)


def salted(function: str, first: bytes, last: bytes) -> str:
    return hashlib.new(function, first + last).hexdigest()


VECTORS = [
    (f"md5${MD5}", "123456", LegacyKind.MD5),
    (f"MD5${MD5.upper()}", "123456", LegacyKind.MD5),
    (f"md5${base64.b64encode(bytes.fromhex(MD5)).decode()}", "123456", LegacyKind.MD5),
    ("md5$4QrcOUm6Wau+VuBX8g+IPg", "123456", LegacyKind.MD5),
    ("sha1$a9993e364706816aba3e25717850c26c9cd0d89d", "abc", LegacyKind.SHA1),
    (f"sha256${SHA256_PASSWORD}", "password", LegacyKind.SHA256),
    (f"sm3${SM3_ABC}", "abc", LegacyKind.SM3),
    (f"md5$pepper${salted('md5', b'pepper', b'secret')}", "secret", LegacyKind.MD5_SALTED),
    (f"md5-salt-first$pepper${salted('md5', b'pepper', b'secret')}", "secret", LegacyKind.MD5_SALTED),
    (f"md5_salt_last$pepper${salted('md5', b'secret', b'pepper')}", "secret", LegacyKind.MD5_SALTED),
    (f"sha1-salt-last$盐${salted('sha1', b'secret', '盐'.encode())}", "secret", LegacyKind.SHA1_SALTED),
    (
        f"sha256$hex:00ff24${salted('sha256', bytes.fromhex('00ff24'), '密码'.encode())}",
        "密码",
        LegacyKind.SHA256_SALTED,
    ),
    (f"sha256$base64:AP8k${salted('sha256', bytes.fromhex('00ff24'), b'x')}", "x", LegacyKind.SHA256_SALTED),
    (f"sm3$a${SM3_ABC}", "bc", LegacyKind.SM3_SALTED),
    (f"sm3-salt-last$c${SM3_ABC}", "ab", LegacyKind.SM3_SALTED),
    (f"$2a$05${BCRYPT}", "U*U", LegacyKind.BCRYPT),
    (f"$2b$05${BCRYPT}", "U*U", LegacyKind.BCRYPT),
    (f"$2y$05${BCRYPT}", "U*U", LegacyKind.BCRYPT),
    ("pbkdf2-sha1$4096$salt$4b007901b765489abead49d926f721d065a429c1", "password", LegacyKind.PBKDF2_SHA1),
    (
        "pbkdf2_sha256$80000$NaCl$"
        + base64.b64encode(hashlib.pbkdf2_hmac("sha256", b"Password", b"NaCl", 80_000)).decode(),
        "Password",
        LegacyKind.PBKDF2_SHA256,
    ),
    (
        f"pbkdf2-sha512$1$salt${SHA512_ONE_ROUND}",
        "password",
        LegacyKind.PBKDF2_SHA512,
    ),
]


@pytest.mark.parametrize(("text", "password", "kind"), VECTORS)
def test_vectors(text: str, password: str, kind: LegacyKind) -> None:
    legacy = LegacyHash.parse(f" {text}\n")
    assert (legacy.kind, legacy.text) == (kind, text)
    assert legacy.opens(password)
    for wrong in ("", password + "x", password[:-1], password.swapcase() + "0"):
        assert not legacy.opens(wrong)
    assert text not in f"{legacy} {legacy!r}"


def test_rfc_7914() -> None:
    """The first 32 bytes of the vector's 64: a PBKDF2 block is a hash long."""
    digest = "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
    assert LegacyHash.parse(f"pbkdf2-sha256$80000$NaCl${digest}").opens("Password")


def test_bcrypt_reads_72_bytes_and_no_nul() -> None:
    text = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()
    assert LegacyHash.parse(text).opens("x" * 72 + "whatever follows")
    assert LegacyHash.parse(f"$2a$05${BCRYPT}").opens("U*U\0more")


def test_every_kind_has_a_vector_and_its_price() -> None:
    assert {kind for _text, _password, kind in VECTORS} == set(LegacyKind)
    assert {kind for kind in LegacyKind if kind.value.startswith(("bcrypt", "pbkdf2"))} == SLOW


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "transfer.hash_empty"),
        ("   ", "transfer.hash_empty"),
        (MD5, "transfer.hash_kind"),
        (f"md4${MD5}", "transfer.hash_kind"),
        (f"md5-pepper${MD5}", "transfer.hash_kind"),
        (f"sha512${'a' * 128}", "transfer.hash_kind"),
        (f"pbkdf2-md5$1000$salt${MD5}", "transfer.hash_kind"),
        (f"md5-salt-last${MD5}", "transfer.hash_shape"),
        (f"md5$a$b${MD5}", "transfer.hash_shape"),
        ("pbkdf2-sha1$4096$salt", "transfer.hash_shape"),
        (f"pbkdf2-sha1$0$salt${'a' * 40}", "transfer.hash_shape"),
        (f"pbkdf2-sha1$-1$salt${'a' * 40}", "transfer.hash_shape"),
        (f"pbkdf2-sha1$999999999999$salt${'a' * 40}", "transfer.hash_shape"),
        (f"pbkdf2-sha1$99999999$salt${'a' * 40}", "transfer.hash_cost"),
        (f"pbkdf2-sha512$400001$salt${'a' * 128}", "transfer.hash_cost"),
        (f"$2b$31${BCRYPT}", "transfer.hash_cost"),
        (f"$2b$03${BCRYPT}", "transfer.hash_cost"),
        (f"$2x$05${BCRYPT}", "transfer.hash_shape"),
        (f"$2b$05${BCRYPT}x", "transfer.hash_shape"),
        ("$2b$05$", "transfer.hash_shape"),
        ("md5$" + "x" * LONGEST, "transfer.hash_shape"),
        (f"md5$${MD5}", "transfer.hash_salt"),
        (f"md5$hex:xyz${MD5}", "transfer.hash_salt"),
        (f"md5$base64:a${MD5}", "transfer.hash_salt"),
        (f"md5${'盐' * 22}${MD5}", "transfer.hash_salt"),
        ("md5$abc", "transfer.hash_digest"),
        (f"md5${MD5}00", "transfer.hash_digest"),
        (f"md5${'z' * 32}", "transfer.hash_digest"),
        (f"sha1${MD5}", "transfer.hash_digest"),
        ("md5$密", "transfer.hash_digest"),
        ("md5$", "transfer.hash_digest"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    with pytest.raises(LegacyHashRefused) as refused:
        LegacyHash.parse(text)
    assert refused.value.code == code
    secret = text.rpartition("$")[2]
    assert not secret or secret not in str(refused.value)


@given(st.text(max_size=2 * LONGEST) | st.from_regex(r"(md5|sm3|pbkdf2-sha1|\$2b)\$[^$]{0,9}(\$.{0,50}){0,2}"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        legacy = LegacyHash.parse(text)
    except LegacyHashRefused:
        return
    assert legacy.kind in LegacyKind
