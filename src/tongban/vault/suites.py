"""Cipher suites: what a key of the ring seals and signs with. Another suite is one more class and one more line."""

import hashlib
import hmac
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tongban.vault.errors import Tampered


class Suite(Protocol):
    """Authenticated encryption and a keyed digest. Keys are 32 bytes whatever the suite makes of them."""

    name: str
    nonce_bytes: int

    def encrypt(self, secret: bytes, *, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return ciphertext and tag."""

    def decrypt(self, secret: bytes, *, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
        """Return the plaintext; raises `Tampered` when key, nonce, ciphertext or `aad` is not what it was."""

    def mac(self, secret: bytes, message: bytes) -> bytes:
        """Return 32 bytes that only a holder of `secret` can make."""


@lru_cache(maxsize=256)
def _aes_gcm(secret: bytes) -> AESGCM:
    return AESGCM(secret)


class Aes256Gcm:
    """AES-256-GCM (NIST SP 800-38D) with HMAC-SHA-256 (RFC 2104)."""

    name = "aes-256-gcm"
    nonce_bytes = 12

    def encrypt(self, secret: bytes, *, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return ciphertext and 16-byte tag."""
        return _aes_gcm(secret).encrypt(nonce, plaintext, aad)

    def decrypt(self, secret: bytes, *, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
        """Return the plaintext; raises `Tampered`."""
        try:
            return _aes_gcm(secret).decrypt(nonce, ciphertext, aad)
        except (InvalidTag, ValueError):
            raise Tampered from None

    def mac(self, secret: bytes, message: bytes) -> bytes:
        """Return the HMAC-SHA-256 of `message`."""
        return hmac.digest(secret, message, hashlib.sha256)


SUITES: dict[str, Suite] = {suite.name: suite for suite in (Aes256Gcm(),)}
