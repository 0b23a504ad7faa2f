"""The keys of the audit trail: their own file, so that whoever holds the vault's keys cannot forge events."""

import hashlib
import hmac
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from tongban.kernel.key_ring import Key, KeyFile, KeyRingError, new_key

EVENT = "event"
CHAIN = "chain"
USES = (EVENT, CHAIN)
HASHES: dict[str, Callable[[], Any]] = {"sha-256": hashlib.sha256}
"""The seam for other suites: a key names the hash its HMAC is made with."""


@lru_cache(maxsize=8)
def _file(path: Path, *, may_create: bool) -> KeyFile:
    return KeyFile(path, first_keys=first_keys if may_create else None)


def first_keys() -> list[Key]:
    """Return one fresh key for each use."""
    return [new_key(use, settings.AUDIT_SUITE) for use in USES]


def key_file() -> KeyFile:
    """Return the key file; demo and test profiles make their own under HOME. Raises `KeyRingError` without a path."""
    may_create = settings.PROFILE in {"demo", "test"}
    path: Path | None = settings.AUDIT_KEY_RING
    if path is None:
        if not may_create:
            raise KeyRingError("path_missing", setting="AUDIT_KEY_RING")
        path = settings.HOME / "keys" / "audit.json"
    return _file(path, may_create=may_create)


def current(use: str) -> Key:
    """Return the key to sign with now."""
    return key_file().ring().current(use)


def mac(key: Key, message: bytes) -> str:
    """Return the hexadecimal HMAC of `message` under `key`, separated by the key's use."""
    return hmac.new(key.secret, f"tongban.audit.{key.use}\0".encode() + message, HASHES[key.suite]).hexdigest()


def matches(use: str, key_id: str, message: bytes, claimed: str) -> bool:
    """Return whether `claimed` is the HMAC of `message` under the key `key_id`; an unknown key matches nothing."""
    key = key_file().key(key_id, use=use)
    return key is not None and hmac.compare_digest(mac(key, message).encode(), claimed.encode())
