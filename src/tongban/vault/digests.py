"""Keyed digests of things that are compared, never searched for across rotations: codes, session bindings."""

import hmac

from tongban.vault import keys
from tongban.vault.errors import KeyUnknown


def keyed(domain: str, value: str) -> str:
    """Return the digest of `value` in `domain` under the current key, as `key id.hexadecimal digest`."""
    return _digest(keys.current(keys.DIGEST).id, domain, value)


def matches(digest: str, domain: str, value: str) -> bool:
    """Return, in constant time, whether `digest` is that of `value`, also when the key has been rotated since."""
    try:
        expected = _digest(digest.partition(".")[0], domain, value)
    except KeyUnknown:
        return False
    return hmac.compare_digest(expected.encode(), digest.encode())


def _digest(key_id: str, domain: str, value: str) -> str:
    key = keys.by_id(key_id, use=keys.DIGEST)
    return f"{key.id}.{keys.suite_of(key).mac(keys.derived(key, domain), value.encode()).hex()}"
