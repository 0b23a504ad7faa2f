"""Cipher suites: what a key of the ring seals and signs with. Another suite is one more class and one more line."""

from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from functools import cache, lru_cache, partial
from typing import Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from tongban.kernel import crypto_suites
from tongban.vault.errors import Tampered


@dataclass(frozen=True, slots=True)
class Published:
    """What the source of an algorithm says `encrypt` must return; every part hexadecimal."""

    key: str
    nonce: str
    plaintext: str
    aad: str
    sealed: str


Encrypt = Callable[[bytes, bytes, bytes], bytes]
"""Takes nonce, plaintext and what is authenticated with it."""


class Suite(Protocol):
    """Authenticated encryption and a keyed digest. Keys are 32 bytes whatever the suite makes of them."""

    name: str
    hash: str
    nonce_bytes: int
    published: "Published"

    def encrypt(self, secret: bytes, *, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return ciphertext and tag."""

    def encryptor(self, secret: bytes) -> Encrypt:
        """Return what encrypts many values under `secret`, as `encrypt` does."""

    def decrypt(self, secret: bytes, *, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
        """Return the plaintext; raises `Tampered` when key, nonce, ciphertext or `aad` is not what it was."""

    def mac(self, secret: bytes, message: bytes) -> bytes:
        """Return 32 bytes that only a holder of `secret` can make."""

    def macs(self, secret: bytes, messages: Iterable[bytes]) -> list[bytes]:
        """Return the `mac` of every message."""


@lru_cache(maxsize=256)
def _aes_gcm(secret: bytes) -> AESGCM:
    return AESGCM(secret)


class Aes256Gcm:
    """AES-256-GCM (NIST SP 800-38D) with HMAC-SHA-256 (RFC 2104)."""

    name = "aes-256-gcm"
    hash = "sha-256"
    nonce_bytes = 12
    published = Published(  # McGrew and Viega, The Galois/Counter Mode of Operation, test case 14
        key="00" * 32,
        nonce="00" * 12,
        plaintext="00" * 16,
        aad="",
        sealed="cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
    )

    def encrypt(self, secret: bytes, *, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return ciphertext and 16-byte tag."""
        return self.encryptor(secret)(nonce, plaintext, aad)

    def encryptor(self, secret: bytes) -> Encrypt:
        """Return what encrypts under `secret`."""
        return _aes_gcm(secret).encrypt

    def decrypt(self, secret: bytes, *, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
        """Return the plaintext; raises `Tampered`."""
        try:
            return _aes_gcm(secret).decrypt(nonce, ciphertext, aad)
        except (InvalidTag, ValueError):
            raise Tampered from None

    def mac(self, secret: bytes, message: bytes) -> bytes:
        """Return the HMAC-SHA-256 of `message`."""
        return crypto_suites.mac(self.hash, secret, message)

    def macs(self, secret: bytes, messages: Iterable[bytes]) -> list[bytes]:
        """Return the HMAC-SHA-256 of every message."""
        return crypto_suites.macs(self.hash, secret, messages)


_TAG_BYTES = 16


@lru_cache(maxsize=256)
def _sm4(secret: bytes) -> SM4:
    """Return the cipher for the first 128 bits of `secret`: SM4 has no longer keys."""
    return SM4(secret[:16])


def _encrypt_sm4(cipher: SM4, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
    sealing = Cipher(cipher, GCM(nonce)).encryptor()
    sealing.authenticate_additional_data(aad)
    return sealing.update(plaintext) + sealing.finalize() + sealing.tag


class Sm4Gcm:
    """SM4 (GB/T 32907) in GCM as RFC 8998 uses it, with HMAC-SM3 (GB/T 32905, GB/T 15852.2)."""

    name = "sm4-gcm"
    hash = "sm3"
    nonce_bytes = 12
    published = Published(  # RFC 8998, appendix A.1
        key="0123456789abcdeffedcba9876543210",
        nonce="00001234567800000000abcd",
        plaintext="aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        aad="feedfacedeadbeeffeedfacedeadbeefabaddad2",
        sealed="17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec",
    )

    def encrypt(self, secret: bytes, *, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Return ciphertext and 16-byte tag."""
        return _encrypt_sm4(_sm4(secret), nonce, plaintext, aad)

    def encryptor(self, secret: bytes) -> Encrypt:
        """Return what encrypts under `secret`."""
        return partial(_encrypt_sm4, _sm4(secret))

    def decrypt(self, secret: bytes, *, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
        """Return the plaintext; raises `Tampered`."""
        try:
            opening = Cipher(_sm4(secret), GCM(nonce, ciphertext[-_TAG_BYTES:])).decryptor()
            opening.authenticate_additional_data(aad)
            return opening.update(ciphertext[:-_TAG_BYTES]) + opening.finalize()
        except (InvalidTag, ValueError):
            raise Tampered from None

    def mac(self, secret: bytes, message: bytes) -> bytes:
        """Return the HMAC-SM3 of `message`."""
        return crypto_suites.mac(self.hash, secret, message)

    def macs(self, secret: bytes, messages: Iterable[bytes]) -> list[bytes]:
        """Return the HMAC-SM3 of every message."""
        return crypto_suites.macs(self.hash, secret, messages)


SUITES: dict[str, Suite] = {suite.name: suite for suite in (Aes256Gcm(), Sm4Gcm())}


@cache
def works(name: str) -> bool:
    """Return whether this release has the suite and this machine gives its published answers."""
    suite = SUITES.get(name)
    if suite is None or not crypto_suites.has_hash(suite.hash):
        return False
    key, nonce, plaintext, aad, sealed = (bytes.fromhex(part) for part in astuple(suite.published))
    try:
        return suite.encrypt(key, nonce=nonce, plaintext=plaintext, aad=aad) == sealed
    except UnsupportedAlgorithm:
        return False
