"""How passwords are stored: Argon2id over a keyed digest of the password (a pepper).

The parameters are the OWASP ones: 19 MiB, two passes, one lane. The pepper is a key of the vault, not of the database:
a stolen table alone cannot be guessed at. The encoded form names the pepper's key, so that keys can be rotated; a
password is hashed again with today's key and parameters when its owner logs in.
"""

import secrets
from typing import Any, NoReturn
from uuid import UUID

from argon2 import extract_parameters
from argon2.exceptions import VerificationError
from argon2.low_level import Type, hash_secret, verify_secret
from django.contrib.auth.hashers import BasePasswordHasher
from django.utils.translation import gettext_noop as _

from tongban.vault import digests

_PEPPER = "accounts.password"
_SALT_BYTES, _HASH_BYTES = 16, 32


class PepperedArgon2(BasePasswordHasher):
    """`peppered-argon2id$<key of the pepper>$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`."""

    algorithm = "peppered-argon2id"
    library = "argon2"
    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1

    def salt(self) -> str:
        """Return a fresh salt, as hexadecimal digits."""
        return secrets.token_hex(_SALT_BYTES)

    def encode(self, password: str, salt: str) -> str:
        """Return the encoded form of `password` under the current pepper."""
        peppered = digests.keyed(_PEPPER, password)
        hashed = hash_secret(
            peppered.encode(),
            bytes.fromhex(salt),
            time_cost=self.time_cost,
            memory_cost=self.memory_cost,
            parallelism=self.parallelism,
            hash_len=_HASH_BYTES,
            type=Type.ID,
        )
        return f"{self.algorithm}${peppered.partition('.')[0]}{hashed.decode()}"

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether `encoded` was made from `password`."""
        decoded = self.decode(encoded)
        peppered = digests.keyed_with(decoded["pepper"], _PEPPER, password)
        try:
            return verify_secret(decoded["argon2"].encode(), peppered.encode(), Type.ID)
        except VerificationError:
            return False

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts: `algorithm`, `pepper` (the id of its key), `argon2` (the standard encoded form)."""
        algorithm, pepper, rest = encoded.split("$", 2)
        return {"algorithm": algorithm, "pepper": pepper, "argon2": f"${rest}"}

    def must_update(self, encoded: str) -> bool:
        """Return whether the pepper or the parameters are not today's."""
        decoded = self.decode(encoded)
        parameters = extract_parameters(decoded["argon2"])
        ours = (self.memory_cost, self.time_cost, self.parallelism, _HASH_BYTES)
        theirs = (parameters.memory_cost, parameters.time_cost, parameters.parallelism, parameters.hash_len)
        return theirs != ours or decoded["pepper"] != digests.current_key_id()

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """Return what may be shown of `encoded`: nothing secret, nothing derived from the password."""
        decoded = self.decode(encoded)
        return {_("algorithm"): decoded["algorithm"], _("pepper"): decoded["pepper"]}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do nothing: older parameters were never cheaper, and one verification per log-in is the rule here."""


class ForeignHasher(BasePasswordHasher):
    """A password that another platform hashed, and that was never judged by our rules.

    It opens one account only. The first right log-in replaces it by a hash of ours.
    """

    def opens(self, password: str, encoded: str, account_id: UUID) -> bool:
        """Return whether `encoded`, standing in the row of this account, was made from `password`."""
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
