"""Password hashes of the legacy platform: how they are written in a file, and whether a password fits.

`docs/transfer.md` lists the formats. A hash is read strictly and bounded: what a check costs is known before it is
accepted, so that no file can make log-ins hang.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import bcrypt
from cryptography.hazmat.primitives import hashes

from tongban.transfer.errors import LegacyHashRefused


class LegacyKind(StrEnum):
    """By which function a password was hashed. The first eight are fast, the others cost milliseconds on purpose."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    SM3 = "sm3"
    MD5_SALTED = "md5-salted"
    SHA1_SALTED = "sha1-salted"
    SHA256_SALTED = "sha256-salted"
    SM3_SALTED = "sm3-salted"
    BCRYPT = "bcrypt"
    PBKDF2_SHA1 = "pbkdf2-sha1"
    PBKDF2_SHA256 = "pbkdf2-sha256"
    PBKDF2_SHA512 = "pbkdf2-sha512"


SLOW = frozenset({LegacyKind.BCRYPT, LegacyKind.PBKDF2_SHA1, LegacyKind.PBKDF2_SHA256, LegacyKind.PBKDF2_SHA512})
"""Kinds of which a check takes milliseconds, not microseconds."""
LONGEST = 200
"""Characters of the text of a hash."""
_LONGEST_SALT = 64  # bytes
_BCRYPT = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}", re.ASCII)
_LEAST_BCRYPT_COST, _MOST_BCRYPT_COST = 4, 12  # 2^12 rounds: a quarter of a second
_BCRYPT_BYTES = 72
_MOST_ITERATIONS = {  # each a third of a second at most
    LegacyKind.PBKDF2_SHA1: 1_000_000,
    LegacyKind.PBKDF2_SHA256: 1_000_000,
    LegacyKind.PBKDF2_SHA512: 400_000,
}
_DIGEST_BYTES = {"md5": 16, "sha1": 20, "sha256": 32, "sha512": 64, "sm3": 32}
_ITERATIONS = re.compile(r"[1-9]\d{0,7}", re.ASCII)
_FIRST, _LAST = "salt-first", "salt-last"
_PLACES = {"": _FIRST, "salt-first": _FIRST, "salt-last": _LAST}
_HEX = re.compile(r"[0-9a-f]*", re.ASCII | re.IGNORECASE)


def _sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


_DIGESTS: dict[str, Callable[[bytes], bytes]] = {
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False).digest(),
    "sha1": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "sm3": _sm3,
}


@dataclass(frozen=True, slots=True)
class LegacyHash:
    """A hash as it was read: `text` is what was in the file; nothing of it is ever printed."""

    kind: LegacyKind
    text: str
    function: str = ""
    salt: bytes = b""
    is_salt_last: bool = False
    iterations: int = 1
    digest: bytes = b""

    def __repr__(self) -> str:
        return f"<LegacyHash {self.kind}>"

    __str__ = __repr__

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a hash as `docs/transfer.md` writes it; raises `LegacyHashRefused`."""
        text = text.strip()
        if not text:
            raise LegacyHashRefused("transfer.hash_empty")
        if len(text) > LONGEST:
            raise LegacyHashRefused("transfer.hash_shape", length=len(text))
        if text.startswith("$2"):
            return cls._parse_bcrypt(text)
        name, _dollar, rest = text.partition("$")
        name = name.casefold().replace("_", "-")
        if name.startswith("pbkdf2-"):
            return cls._parse_pbkdf2(text, name, rest.split("$"))
        return cls._parse_digest(text, name, rest.split("$"))

    @classmethod
    def _parse_bcrypt(cls, text: str) -> Self:
        found = _BCRYPT.fullmatch(text)
        if found is None:
            raise LegacyHashRefused("transfer.hash_shape", kind=LegacyKind.BCRYPT.value)
        cost = int(found[1])
        if not _LEAST_BCRYPT_COST <= cost <= _MOST_BCRYPT_COST:
            raise LegacyHashRefused("transfer.hash_cost", cost=cost, most=_MOST_BCRYPT_COST)
        return cls(LegacyKind.BCRYPT, text)

    @classmethod
    def _parse_pbkdf2(cls, text: str, name: str, parts: list[str]) -> Self:
        kind = _kind(name)
        if len(parts) != 3 or not _ITERATIONS.fullmatch(parts[0]):
            raise LegacyHashRefused("transfer.hash_shape", kind=kind.value)
        iterations, most = int(parts[0]), _MOST_ITERATIONS[kind]
        if iterations > most:
            raise LegacyHashRefused("transfer.hash_cost", cost=iterations, most=most)
        function = name.removeprefix("pbkdf2-")
        return cls(
            kind,
            text,
            function=function,
            salt=_salt(parts[1]),
            iterations=iterations,
            digest=_digest(parts[2], function),
        )

    @classmethod
    def _parse_digest(cls, text: str, name: str, parts: list[str]) -> Self:
        function, _dash, place = name.partition("-")
        if function not in _DIGESTS or place not in _PLACES:
            raise LegacyHashRefused("transfer.hash_kind")
        if len(parts) == 1 and not place:
            return cls(_kind(function), text, function=function, digest=_digest(parts[0], function))
        if len(parts) != 2:
            raise LegacyHashRefused("transfer.hash_shape", kind=function)
        return cls(
            _kind(f"{function}-salted"),
            text,
            function=function,
            salt=_salt(parts[0]),
            is_salt_last=_PLACES[place] == _LAST,
            digest=_digest(parts[1], function),
        )

    def opens(self, password: str) -> bool:
        """Return whether the hash was made from `password` (as UTF-8), compared in constant time."""
        secret = password.encode()
        if self.kind is LegacyKind.BCRYPT:
            # Whoever made the hash read no further than 72 bytes, or than the first NUL.
            return bcrypt.checkpw(secret.partition(b"\0")[0][:_BCRYPT_BYTES], self.text.encode())
        return hmac.compare_digest(self._digest_of(secret), self.digest)

    def _digest_of(self, secret: bytes) -> bytes:
        if self.kind in SLOW:
            return hashlib.pbkdf2_hmac(self.function, secret, self.salt, self.iterations, len(self.digest))
        salted = secret + self.salt if self.is_salt_last else self.salt + secret
        return _DIGESTS[self.function](salted)


def _kind(name: str) -> LegacyKind:
    try:
        return LegacyKind(name)
    except ValueError:
        raise LegacyHashRefused("transfer.hash_kind") from None


def _salt(text: str) -> bytes:
    """Read a salt: text as it was used, or bytes behind `hex:` or `base64:`."""
    encoding, colon, rest = text.partition(":")
    try:
        if colon and encoding == "hex":
            salt = bytes.fromhex(rest)
        elif colon and encoding == "base64":
            salt = base64.b64decode(rest, validate=True)
        else:
            salt = text.encode()
    except (ValueError, binascii.Error):
        raise LegacyHashRefused("transfer.hash_salt") from None
    if not 1 <= len(salt) <= _LONGEST_SALT:
        raise LegacyHashRefused("transfer.hash_salt", length=len(salt), most=_LONGEST_SALT)
    return salt


def _digest(text: str, function: str) -> bytes:
    """Read a digest in hexadecimal digits or base64: its length tells which."""
    size = _DIGEST_BYTES[function]
    try:
        if len(text) == 2 * size and _HEX.fullmatch(text):
            return bytes.fromhex(text)
        digest = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (ValueError, binascii.Error):
        raise LegacyHashRefused("transfer.hash_digest", kind=function) from None
    if len(digest) != size:
        raise LegacyHashRefused("transfer.hash_digest", kind=function, length=len(digest))
    return digest
