"""How passwords are stored: a slow hash over a keyed digest of the password (a pepper).

Argon2id with the OWASP parameters (19 MiB, two passes, one lane), or PBKDF2-HMAC-SM3 where national algorithms are
demanded (GM/T 0091; as many rounds as OWASP asks of a hash of 256 bits). The pepper is a key of the vault, not of the
database: a stolen table alone cannot be guessed at. The encoded form names the pepper's key, so that keys can be
rotated; a password is hashed again with today's kind, key and parameters when its owner logs in.
"""

import base64
import hmac
import re
import secrets
from functools import cache
from typing import Any, NoReturn
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher
from django.utils.translation import gettext_noop as _
from nacl.pwhash import argon2id

from tongban.vault import digests

_PEPPER = "accounts.password"
_SALT_BYTES, _HASH_BYTES = 16, 32


class PepperedHasher(BasePasswordHasher):
    """What both kinds share: `<algorithm>$<key of the pepper>$<the rest>`."""

    algorithm: str

    def salt(self) -> str:
        """Return a fresh salt, as hexadecimal digits."""
        return secrets.token_hex(_SALT_BYTES)

    def decoy(self) -> str:
        """Return an encoded form under today's key and parameters that no password fits, without any hashing."""
        return f"{self.algorithm}${digests.current_key_id()}${self._decoy()}"

    def _decoy(self) -> str:
        raise NotImplementedError

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts: `algorithm`, `pepper` (the id of its key), and the `rest`."""
        algorithm, pepper, rest = encoded.split("$", 2)
        return {"algorithm": algorithm, "pepper": pepper, "rest": rest}

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """Return what may be shown of `encoded`: nothing secret, nothing derived from the password."""
        decoded = self.decode(encoded)
        return {_("algorithm"): decoded["algorithm"], _("pepper"): decoded["pepper"]}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do nothing: every verification costs what one costs with today's parameters."""


class PepperedArgon2(PepperedHasher):
    """`peppered-argon2id$<key of the pepper>$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`."""

    algorithm = "peppered-argon2id"
    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1  # all that libsodium has

    def encode(self, password: str, salt: str) -> str:
        """Return the encoded form of `password` under the current pepper."""
        peppered, raw = digests.keyed(_PEPPER, password), bytes.fromhex(salt)
        hashed = argon2(peppered, raw, memory=self.memory_cost, passes=self.time_cost)
        return f"{self.algorithm}${peppered.partition('.')[0]}${self._parameters()}${_text(raw)}${_text(hashed)}"

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether `encoded` was made from `password`. Older parameters were never cheaper."""
        decoded = self.decode(encoded)
        memory, passes, salt, hashed = _argon2_parts(decoded["rest"])
        peppered = digests.keyed_with(decoded["pepper"], _PEPPER, password)
        found = argon2(peppered, salt, memory=memory, passes=passes, length=len(hashed))
        return hmac.compare_digest(found, hashed)

    def must_update(self, encoded: str) -> bool:
        """Return whether the pepper or the parameters are not today's."""
        decoded = self.decode(encoded)
        memory, passes, _salt, hashed = _argon2_parts(decoded["rest"])
        is_today = (memory, passes, len(hashed)) == (self.memory_cost, self.time_cost, _HASH_BYTES)
        return not is_today or bool(decoded["pepper"] != digests.current_key_id())

    def _decoy(self) -> str:
        salt, hashed = _text(secrets.token_bytes(_SALT_BYTES)), _text(secrets.token_bytes(_HASH_BYTES))
        return f"{self._parameters()}${salt}${hashed}"

    def _parameters(self) -> str:
        return f"argon2id$v=19$m={self.memory_cost},t={self.time_cost},p={self.parallelism}"


class PepperedPbkdf2Sm3(PepperedHasher):
    """`peppered-pbkdf2-sm3$<key of the pepper>$<rounds>$<salt>$<hash>`."""

    algorithm = "peppered-pbkdf2-sm3"

    def encode(self, password: str, salt: str) -> str:
        """Return the encoded form of `password` under the current pepper."""
        key_id, _dot, peppered = digests.keyed(_PEPPER, password).partition(".")
        hashed = pbkdf2_sm3(peppered.encode(), bytes.fromhex(salt), settings.PBKDF2_ITERATIONS)
        return f"{self.algorithm}${key_id}${settings.PBKDF2_ITERATIONS}${_text(bytes.fromhex(salt))}${_text(hashed)}"

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether `encoded` was made from `password`; fewer rounds cost as much as today's number."""
        decoded = self.decode(encoded)
        rounds, salt, hashed = _parts(decoded["rest"])
        peppered = digests.keyed_with(decoded["pepper"], _PEPPER, password).partition(".")[2].encode()
        found = pbkdf2_sm3(peppered, salt, rounds)
        if rounds < settings.PBKDF2_ITERATIONS:
            pbkdf2_sm3(peppered, salt, settings.PBKDF2_ITERATIONS - rounds)
        return hmac.compare_digest(found, hashed)

    def must_update(self, encoded: str) -> bool:
        """Return whether the pepper or the number of rounds is not today's."""
        decoded = self.decode(encoded)
        rounds = _parts(decoded["rest"])[0]
        return bool(rounds != settings.PBKDF2_ITERATIONS or decoded["pepper"] != digests.current_key_id())

    def _decoy(self) -> str:
        salt, hashed = _text(secrets.token_bytes(_SALT_BYTES)), _text(secrets.token_bytes(_HASH_BYTES))
        return f"{settings.PBKDF2_ITERATIONS}${salt}${hashed}"


class ForeignHasher(BasePasswordHasher):
    """A password that another platform hashed, and that was never judged by our rules.

    It opens one account only. The first right log-in replaces it by a hash of ours.
    """

    def opens(self, password: str, encoded: str, account_id: UUID) -> bool:
        """Return whether `encoded`, standing in the row of this account, was made from `password`."""
        raise NotImplementedError

    def pretend(self, password: str) -> None:
        """Cost what `opens` does, for accounts whose password is of another kind, or that do not exist."""
        raise NotImplementedError

    def verify(self, password: str, encoded: str) -> bool:
        """Return no: without an account it opens nothing."""
        return False

    def encode(self, password: str, salt: str) -> NoReturn:
        """Refuse: no new password is kept so."""
        raise NotImplementedError

    def must_update(self, encoded: str) -> bool:
        """Return that it has to be replaced."""
        return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do nothing: one verification per log-in is the rule here."""


def argon2(secret: str, salt: bytes, *, memory: int, passes: int, length: int = _HASH_BYTES) -> bytes:
    """Return `length` bytes of Argon2id (RFC 9106, version 1.3, one lane) with `memory` in KiB.

    libsodium's, which uses what the processor has: half the time of the reference implementation on current ones
    (decision 28). It leaves the interpreter free.
    """
    return argon2id.kdf(length, secret.encode(), salt, opslimit=passes, memlimit=memory * 1024)


def pbkdf2_sm3(password: bytes, salt: bytes, rounds: int, length: int = _HASH_BYTES) -> bytes:
    """Return `length` bytes of PBKDF2 (RFC 8018, GM/T 0091) with HMAC-SM3 as its pseudo-random function."""
    return PBKDF2HMAC(SM3(), length, salt, rounds).derive(password)


@cache
def has_pbkdf2_sm3() -> bool:
    """Return whether this machine has PBKDF2-HMAC-SM3 and it gives the answer that others publish."""
    try:
        found = pbkdf2_sm3(b"passwd", b"salt", 1, 64).hex()
    except UnsupportedAlgorithm:
        return False
    # The input of RFC 7914 section 11, with SM3: GmSSL, tests/pbkdf2test_sm3.h.
    return found == (
        "30530b86537c85ea33fbe26ee0adea8d8bd91d283b87936f400e83ad2364ef26"
        "32cd8662313657c0e6138ffeda2c4e6805869cbd8030188858d8a675ac762523"
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).rstrip(b"=").decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


_ARGON2 = re.compile(r"argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([^$]+)\$([^$]+)", re.ASCII)


def _argon2_parts(rest: str) -> tuple[int, int, bytes, bytes]:
    """Return memory in KiB, passes, salt and hash; raises `ValueError` for what we never wrote."""
    found = _ARGON2.fullmatch(rest)
    if not found:
        raise ValueError
    memory, passes, salt, hashed = found.groups()
    return int(memory), int(passes), _raw(salt), _raw(hashed)


def _parts(rest: str) -> tuple[int, bytes, bytes]:
    rounds, salt, hashed = rest.split("$")
    return int(rounds), _raw(salt), _raw(hashed)
