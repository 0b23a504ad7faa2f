"""An authenticator made of software: it makes passkeys and uses them, as browsers answer, or as attackers would."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device with one passkey, at an origin. `count` of 0 means that it counts no signatures."""

    origin: str = "http://localhost"
    host: str = "localhost"
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, options: str, *, flags: int = PRESENT | VERIFIED, said: Mapping[str, str] | None = None) -> str:
        """Return the answer to the wish for a new passkey; `said` replaces parts of what the browser vouches for."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        about = self._about(flags | ATTESTED)
        about += bytes(16) + len(self.id).to_bytes(2, "big") + self.id + encode_cbor(cose)
        statement = encode_cbor({"fmt": "none", "attStmt": {}, "authData": about})
        client = self._client("webauthn.create", options, said)
        return self._answer(
            clientDataJSON=bytes_to_base64url(client),
            attestationObject=bytes_to_base64url(statement),
            transports=["internal", "carrier pigeon"],
        )

    def use(self, options: str, *, flags: int = PRESENT | VERIFIED, said: Mapping[str, str] | None = None) -> str:
        """Return the answer to the wish for a signature."""
        self.count += self.count > 0
        about, client = self._about(flags), self._client("webauthn.get", options, said)
        signature = self.key.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=bytes_to_base64url(client),
            authenticatorData=bytes_to_base64url(about),
            signature=bytes_to_base64url(signature),
        )

    def _about(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: str, said: Mapping[str, str] | None) -> bytes:
        challenge = bytes_to_base64url(base64url_to_bytes(json.loads(options)["challenge"]))
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, **(said or {})}).encode()

    def _answer(self, **response: Any) -> str:
        name = bytes_to_base64url(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
