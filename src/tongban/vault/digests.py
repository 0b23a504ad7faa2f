"""Keyed digests of things that are compared, never searched for across rotations: codes, session bindings."""

import hmac
from collections.abc import Iterable

from tongban.vault import keys
from tongban.vault.errors import KeyUnknown


def keyed(domain: str, value: str) -> str:
    """Return the digest of `value` in `domain` under the current key, as `key id.hexadecimal digest`."""
    return _digest(current_key_id(), domain, value)


class Digester:
    """Makes the digests of many values in one `domain`, as `keyed` does, in a fraction of the time.

    It holds on to the key that is current when it is made: make a new one for each transaction.
    """

    def __init__(self, domain: str) -> None:
        key = keys.current(keys.DIGEST)
        self._prefix, self._macs, self._secret = f"{key.id}.", keys.suite_of(key).macs, keys.derived(key, domain)

    def keyed_all(self, values: Iterable[bytes]) -> list[str]:
        """Return the digest of every value."""
        return [self._prefix + digest.hex() for digest in self._macs(self._secret, values)]


def current_key_id() -> str:
    """Return the id of the current key, with which a digest made now begins."""
    return keys.current(keys.DIGEST).id


def keyed_with(key_id: str, domain: str, value: str) -> str:
    """Return the digest of `value` under the key `key_id`, to work out again what was made of it earlier.

    Raises `KeyUnknown`.
    """
    return _digest(key_id, domain, value)


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
