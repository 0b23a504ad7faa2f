"""Find a sealed value without opening anything: a keyed digest beside it.

An index is `key id.digest`. While an index key is being replaced rows carry old and new ones: look up with
`index__in=candidates(...)`, and look before inserting a unique one.
"""

import base64
from binascii import b2a_base64
from collections.abc import Sequence

from tongban.kernel.key_ring import Key
from tongban.vault import keys

_URLSAFE = bytes.maketrans(b"+/", b"-_")
LENGTH = 64
"""Enough characters for any index; the width of the column."""


def of(domain: str, value: str) -> str:
    """Return the index of `value` (already normalised) in `domain`, such as "accounts.account.phone"."""
    return _index(keys.current(keys.INDEX), domain, value)


class Indexer:
    """Makes the indexes of many values in one `domain`, as `of` and `candidates` do, in a fraction of the time.

    It holds on to the keys that there are when it is made: make a new one for each transaction.
    """

    def __init__(self, domain: str) -> None:
        keyring = keys.all_keys(keys.INDEX)
        self._makers = [
            (key_prefix(key).encode(), keys.suite_of(key).macs, keys.derived(key, domain)) for key in keyring
        ]

    def of_all(self, values: Sequence[bytes]) -> list[list[bytes]]:
        """Return, for every key with the current one first, the indexes of all values in order (ASCII)."""
        return [
            [prefix + b2a_base64(digest, newline=False).translate(_URLSAFE, b"=") for digest in macs(secret, values)]
            for prefix, macs, secret in self._makers
        ]


def candidates(domain: str, value: str) -> list[str]:
    """Return every index `value` may stand under: with the current key first, then with the older ones."""
    return [_index(key, domain, value) for key in keys.all_keys(keys.INDEX)]


def key_prefix(key: Key) -> str:
    """Return how every index made with `key` begins."""
    return f"{key.id}."


def _index(key: Key, domain: str, value: str) -> str:
    digest = keys.suite_of(key).mac(keys.derived(key, domain), value.encode())
    return key_prefix(key) + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
