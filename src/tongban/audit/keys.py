"""The keys of the audit trail: their own file, so that whoever holds the vault's keys cannot forge events."""

import hmac

from django.conf import settings

from tongban.kernel import crypto_suites
from tongban.kernel.key_ring import Key, KeyFile, new_key, open_file

EVENT = "event"
CHAIN = "chain"
USES = (EVENT, CHAIN)


def wanted_hash() -> str:
    """Return the hash of new keys."""
    return crypto_suites.SUITES[settings.CRYPTO_SUITE].hash


def first_keys() -> list[Key]:
    """Return one fresh key for each use."""
    return [new_key(use, wanted_hash()) for use in USES]


def key_file() -> KeyFile:
    """Return the key file; demo and test profiles make their own under HOME. Raises `KeyRingError` without a path."""
    made = first_keys if settings.PROFILE in {"demo", "test"} else None
    return open_file(settings.AUDIT_KEY_RING, home=settings.HOME, room="audit", first_keys=made)


def current(use: str) -> Key:
    """Return the key to sign with now."""
    return key_file().ring().current(use)


def mac(key: Key, message: bytes) -> str:
    """Return the hexadecimal HMAC of `message` under `key`, with the hash the key names, separated by the key's use."""
    return crypto_suites.mac(key.suite, key.secret, f"tongban.audit.{key.use}\0".encode() + message).hex()


def hash_of(use: str, key_id: str) -> str | None:
    """Return the hash the key `key_id` works with, None when there is no such key."""
    key = key_file().key(key_id, use=use)
    return key.suite if key else None


def matches(use: str, key_id: str, message: bytes, claimed: str) -> bool:
    """Return whether `claimed` is the HMAC of `message` under the key `key_id`; an unknown key matches nothing."""
    key = key_file().key(key_id, use=use)
    return key is not None and hmac.compare_digest(mac(key, message).encode(), claimed.encode())
