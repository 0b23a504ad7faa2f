"""Seal and open bytes.

A sealed value is `version (1) | key id (4) | nonce | ciphertext and tag`. The key is derived for its context; header,
context and row are authenticated with it, so that a value opens only where it was sealed.
"""

import secrets
from collections.abc import Iterable, Iterator

from tongban.kernel.key_ring import ID_BYTES, Key
from tongban.vault import keys
from tongban.vault.errors import Tampered

VERSION = b"\x01"
HEADER_BYTES = len(VERSION) + ID_BYTES
_NONCES_DRAWN = 1000
_LENGTHS = [length.to_bytes(4, "big") for length in range(64)]


def seal(plaintext: bytes, *, context: str, row: str = "") -> bytes:
    """Return `plaintext` sealed for `context` (a name such as "accounts.account.phone") and, if given, for one `row`.

    For bytes that live shorter than a key; what stays belongs in a `fields.SealedTextField`, which re-encryption finds.
    """
    key = keys.current(keys.SEAL)
    suite = keys.suite_of(key)
    header = header_of(key)
    nonce = secrets.token_bytes(suite.nonce_bytes)
    secret = keys.derived(key, context)
    aad = _bound_to(header, context, row)
    return header + nonce + suite.encrypt(secret, nonce=nonce, plaintext=plaintext, aad=aad)


class Sealer:
    """Seals many values for one `context` in a row, as `seal` does, in a fraction of the time.

    It holds on to the key that is current when it is made: make a new one for each transaction.
    """

    def __init__(self, context: str) -> None:
        key = keys.current(keys.SEAL)
        self.key_id = key.id
        suite = keys.suite_of(key)
        self._encrypt = suite.encryptor(keys.derived(key, context))
        self._header = header_of(key)
        self._bound = _lengthened(self._header) + _lengthened(context.encode())
        self._nonces = _fresh_nonces(suite.nonce_bytes)

    def seal(self, plaintext: bytes, *, row: bytes) -> bytes:
        """Return `plaintext` sealed for the row named `row`."""
        return self.seal_all([plaintext], rows=[row])[0]

    def seal_all(self, plaintexts: Iterable[bytes], *, rows: Iterable[bytes]) -> list[bytes]:
        """Return each plaintext sealed for the row at the same place of `rows`; names of rows are short."""
        header, encrypt, bound, lengths = self._header, self._encrypt, self._bound, _LENGTHS
        return [
            header + nonce + encrypt(nonce, plaintext, bound + lengths[len(row)] + row)
            for plaintext, row, nonce in zip(plaintexts, rows, self._nonces, strict=False)
        ]


def _fresh_nonces(size: int) -> Iterator[bytes]:
    """Yield nonces without end; many are drawn at once, because asking the system each time is dear."""
    while True:
        drawn = secrets.token_bytes(size * _NONCES_DRAWN)
        yield from [drawn[start : start + size] for start in range(0, len(drawn), size)]


def open_sealed(sealed: bytes, *, context: str, row: str = "") -> bytes:
    """Return what was sealed for this `context` and `row`; raises `Tampered` or `KeyUnknown`."""
    key = keys.by_id(key_id_of(sealed), use=keys.SEAL)
    suite = keys.suite_of(key)
    nonce, ciphertext = (
        sealed[HEADER_BYTES : HEADER_BYTES + suite.nonce_bytes],
        sealed[HEADER_BYTES + suite.nonce_bytes :],
    )
    secret = keys.derived(key, context)
    return suite.decrypt(secret, nonce=nonce, ciphertext=ciphertext, aad=_bound_to(sealed[:HEADER_BYTES], context, row))


def header_of(key: Key) -> bytes:
    """Return the `HEADER_BYTES` bytes every value sealed with `key` begins with."""
    return VERSION + key.id_bytes


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key `sealed` was sealed with; raises `Tampered` when this is no sealed value."""
    if len(sealed) <= HEADER_BYTES or not sealed.startswith(VERSION):
        raise Tampered(reason="header")
    return sealed[len(VERSION) : HEADER_BYTES].hex()


def _bound_to(header: bytes, context: str, row: str) -> bytes:
    """Return the authenticated data; lengths first, so that no two contexts and rows give the same bytes."""
    return _lengthened(header) + _lengthened(context.encode()) + _lengthened(row.encode())


def _lengthened(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part
