"""A legacy password hash, sealed: what stands in `Account.password` until its owner logs in for the first time.

The encoded form is `sealed-legacy$<key>$<base64 of nonce, ciphertext, tag>`. It is sealed with the vault's key and
bound to the id of the account: without the key nobody can guess at it, in another account's row it opens nothing.
"""

import base64
import binascii
import secrets
from binascii import b2a_base64
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from tongban.accounts.hashers import ForeignHasher
from tongban.kernel import clock
from tongban.transfer.legacy_hash import LegacyHash
from tongban.vault import keys, sealing
from tongban.vault.errors import Tampered, VaultError

CONTEXT = "transfer.legacy_password"
ALGORITHM = "sealed-legacy"
PREFIX = f"{ALGORITHM}$"


class PasswordSealer:
    """Seals the hashes of one transaction of an import, a few microseconds each.

    `flows.note_slow_kinds` has to know those kinds of them that take long to check.
    """

    def __init__(self) -> None:
        self._sealer = sealing.Sealer(CONTEXT)
        self._start = f"{PREFIX}{self._sealer.key_id}$".encode()

    def seal(self, legacy: LegacyHash, account_id: UUID) -> str:
        """Return the encoded password of the account with this id."""
        return self.seal_all([legacy.text], [str(account_id)])[0].decode()

    def seal_all(self, texts: Iterable[str], account_ids: Iterable[str]) -> list[bytes]:
        """Return the encoded passwords of the accounts with these ids, for the texts of hashes in the same order."""
        rows = [account_id.replace("-", "").encode() for account_id in account_ids]
        start, header = self._start, sealing.HEADER_BYTES
        every = self._sealer.seal_all(map(str.encode, texts), rows=rows)
        return [start + b2a_base64(sealed[header:], newline=False) for sealed in every]


class SealedLegacyPassword(ForeignHasher):
    """Opens such a password for its own account, until the setting LEGACY_PASSWORDS_UNTIL says no more."""

    algorithm = ALGORITHM

    def opens(self, password: str, encoded: str, account_id: UUID) -> bool:
        """Return whether `password` is what the sealed hash was made from."""
        if is_over():
            return False
        try:
            return unsealed(encoded, account_id).opens(password)
        except VaultError:
            return False

    def pretend(self, password: str) -> None:
        """Open a sealed hash that no account has, if sealed hashes open anything still."""
        if not is_over():
            unsealed(_nobodys(keys.current(keys.SEAL).id), _NOBODY).opens(password)

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts: `algorithm`, `key` (the id of the vault's key), `sealed`."""
        algorithm, key, sealed = encoded.split("$")
        return {"algorithm": algorithm, "key": key, "sealed": sealed}

    def safe_summary(self, encoded: str) -> Mapping[str, Any]:  # type: ignore[override]  # as Django's own do
        """Return what may be shown of `encoded`: not even the kind of hash."""
        decoded = self.decode(encoded)
        return {_("algorithm"): decoded["algorithm"], _("key"): decoded["key"]}


_NOBODY = UUID(int=0)


@lru_cache(maxsize=4)
def _nobodys(_key_id: str) -> str:
    """Return a password sealed under the key in force: one sealed earlier could not be opened once its key is gone."""
    return PasswordSealer().seal(LegacyHash.parse(f"md5${secrets.token_hex(16)}"), _NOBODY)


def unsealed(encoded: str, account_id: UUID) -> LegacyHash:
    """Return the hash inside; raises a `VaultError` where it was altered or belongs to another account."""
    _algorithm, key, text = encoded.split("$")
    try:
        sealed = sealing.VERSION + bytes.fromhex(key) + base64.b64decode(text)
    except (ValueError, binascii.Error):
        raise Tampered(reason="text") from None
    return LegacyHash.parse(sealing.open_sealed(sealed, context=CONTEXT, row=account_id.hex).decode())


def is_over() -> bool:
    """Return whether sealed legacy passwords open nothing any more."""
    until = settings.LEGACY_PASSWORDS_UNTIL
    return bool(until) and timezone.localdate(clock.now()) > date.fromisoformat(until)
