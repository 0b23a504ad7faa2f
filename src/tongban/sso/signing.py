"""The keys ID tokens are signed with, held open for a short while: opening one costs more than signing."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from joserfc.jwk import ECKey, KeyParameters, KeySet, RSAKey

from tongban.kernel import clock
from tongban.sso.errors import NoSigningKey
from tongban.sso.models import Sector, SigningKey
from tongban.sso.rules import SigningAlgorithm
from tongban.vault.purposes import Purpose

_SECONDS_KEPT = 30.0
Key = ECKey | RSAKey


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A signing key ready for use."""

    kid: str
    algorithm: str
    active_from: datetime
    retired_at: datetime | None
    key: Key
    public: Mapping[str, object]


class _Ring:
    """What this process holds open: signing keys for `_SECONDS_KEPT`, sector salts (which never change) for good."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._keys: list[OpenKey] = []
        self._read_at = -_SECONDS_KEPT
        self._salts: dict[UUID, bytes] = {}

    def opened(self) -> list[OpenKey]:
        if time.monotonic() - self._read_at >= _SECONDS_KEPT or not self._keys:
            self._keys = [_open(row) for row in SigningKey.objects.order_by("algorithm", "-active_from")]
            self._read_at = time.monotonic()
        return self._keys

    def salt(self, sector: Sector) -> bytes:
        if sector.id not in self._salts:
            self._salts[sector.id] = bytes.fromhex(sector.salt.reveal(Purpose.SIGN))
        return self._salts[sector.id]


_ring = _Ring()


def forget() -> None:
    """Read everything anew at the next use: after a rotation in this process, and between tests."""
    _ring.forget()


def salt_of(sector: Sector) -> bytes:
    """Return the sector's salt."""
    return _ring.salt(sector)


def signer(algorithm: str) -> OpenKey:
    """Return the key that signs now; raises `NoSigningKey`."""
    now = clock.now()
    for key in _ring.opened():
        if key.algorithm == algorithm and key.active_from <= now and _published(key, now):
            return key
    raise NoSigningKey(algorithm)


def published() -> KeySet:
    """Return every key whose signatures are to be believed now, those about to become active included."""
    now = clock.now()
    return KeySet([key.key for key in _ring.opened() if _published(key, now)])


def public_documents() -> list[Mapping[str, object]]:
    """Return the public halves of `published` as JSON Web Keys (RFC 7517)."""
    now = clock.now()
    return [key.public for key in _ring.opened() if _published(key, now)]


def make_key(algorithm: str, *, kid: str) -> Key:
    """Return a fresh key pair: P-256 for ES256, 3072 bits for RS256 (NIST SP 800-57 part 1: 128 bits of strength)."""
    parameters = _parameters(kid, algorithm)
    if algorithm == SigningAlgorithm.ES256:
        return ECKey.generate_key("P-256", parameters)
    return RSAKey.generate_key(3072, parameters)


def _parameters(kid: str, algorithm: str) -> KeyParameters:
    return {"kid": kid, "use": "sig", "alg": algorithm}


def _open(row: SigningKey) -> OpenKey:
    pem = row.private_key.reveal(Purpose.SIGN)
    parameters = _parameters(row.kid, row.algorithm)
    kind = ECKey if row.algorithm == SigningAlgorithm.ES256 else RSAKey
    return OpenKey(
        kid=row.kid,
        algorithm=row.algorithm,
        active_from=row.active_from,
        retired_at=row.retired_at,
        key=kind.import_key(pem, parameters),
        public=row.public_key,
    )


def _published(key: OpenKey, now: datetime) -> bool:
    return key.retired_at is None or now < key.retired_at
