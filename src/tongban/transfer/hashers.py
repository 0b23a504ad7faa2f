"""A legacy password hash, sealed: what stands in `Account.password` until its owner logs in for the first time.

The encoded form is `sealed-legacy$<key>$<base64 of nonce, ciphertext, tag>`. It is sealed with the vault's key and
bound to the id of the account: without the key nobody can guess at it, in another account's row it opens nothing.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from tongban.accounts.hashers import ForeignHasher
from tongban.kernel import clock
from tongban.transfer.legacy_hash import SLOW, LegacyHash, LegacyKind
from tongban.vault import sealing
from tongban.vault.errors import Tampered, VaultError

CONTEXT = "transfer.legacy_password"
ALGORITHM = "sealed-legacy"
PREFIX = f"{ALGORITHM}$"


class PasswordSealer:
    """Seals the hashes of one transaction of an import, a few microseconds each.

    `slow` collects the kinds that take long to check: `flows.note_slow_kinds` has to know them.
    """

    def __init__(self) -> None:
        self._sealer = sealing.Sealer(CONTEXT)
        self._start = f"{PREFIX}{self._sealer.key_id}$"
        self.slow: set[LegacyKind] = set()

    def seal(self, legacy: LegacyHash, account_id: UUID) -> str:
        """Return the encoded password of the account with this id."""
        if legacy.kind in SLOW:
            self.slow.add(legacy.kind)
        sealed = self._sealer.seal(legacy.text.encode(), row=account_id.hex.encode())
        return self._start + base64.b64encode(sealed[sealing.HEADER_BYTES :]).decode()


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

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts: `algorithm`, `key` (the id of the vault's key), `sealed`."""
        algorithm, key, sealed = encoded.split("$")
        return {"algorithm": algorithm, "key": key, "sealed": sealed}

    def safe_summary(self, encoded: str) -> Mapping[str, Any]:  # type: ignore[override]  # as Django's own do
        """Return what may be shown of `encoded`: not even the kind of hash."""
        decoded = self.decode(encoded)
        return {_("algorithm"): decoded["algorithm"], _("key"): decoded["key"]}


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
