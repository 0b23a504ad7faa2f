"""The two sets of algorithms the platform works with, and the hashes of both.

One setting chooses the set for whatever is made from now on. What exists names its own algorithm (through its key), so
that a platform can change from one set to the other while it runs.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class CryptoSuite:
    """`sealing` is a suite of the vault, `hash` one of `HASHES`, `password` a kind of password hash."""

    name: str
    sealing: str
    hash: str
    password: str


SUITES: dict[str, CryptoSuite] = {
    suite.name: suite
    for suite in (
        CryptoSuite("international", sealing="aes-256-gcm", hash="sha-256", password="argon2id"),  # noqa: S106 - a name
        # GB/T 32907 (SM4), GB/T 32905 (SM3), GM/T 0091 (keys from passwords); RFC 8998 for SM4 with GCM.
        CryptoSuite("gm", sealing="sm4-gcm", hash="sm3", password="pbkdf2-hmac-sm3"),  # noqa: S106 - a name
    )
}

HASHES: dict[str, str] = {"sha-256": "sha256", "sm3": "sm3"}
"""What a key of the audit trail may name, and what OpenSSL calls it. Both give 32 bytes."""

_ABC = {
    "sha-256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",  # FIPS 180-4
    "sm3": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",  # GB/T 32905-2016 A.1
}


def digest(name: str, message: bytes) -> bytes:
    """Return the 32 bytes of the hash `name` over `message`."""
    return hashlib.new(HASHES[name], message).digest()


def mac(name: str, secret: bytes, message: bytes) -> bytes:
    """Return the HMAC (RFC 2104, GB/T 15852.2) of `message` under `secret`, with the hash `name`."""
    return hmac.digest(secret, message, HASHES[name])


def macs(name: str, secret: bytes, messages: Iterable[bytes]) -> list[bytes]:
    """Return the `mac` of every message: the key is taken in once."""
    keyed, made = hmac.new(secret, digestmod=HASHES[name]), []
    for message in messages:
        one = keyed.copy()
        one.update(message)
        made.append(one.digest())
    return made


@cache
def has_hash(name: str) -> bool:
    """Return whether this machine has the hash `name` and it gives the published answer."""
    try:
        return digest(name, b"abc").hex() == _ABC[name]
    except (KeyError, ValueError):  # OpenSSL says ValueError where it was built or configured without
        return False
