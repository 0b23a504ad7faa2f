"""The vault's key ring, one kind of key for each use."""

from functools import lru_cache

from django.conf import settings

from tongban.kernel import crypto_suites
from tongban.kernel.key_ring import Key, KeyFile, new_key, open_file
from tongban.vault.errors import KeyUnknown
from tongban.vault.suites import SUITES, Suite

SEAL = "seal"
INDEX = "index"
DIGEST = "digest"
USES = (SEAL, INDEX, DIGEST)


def wanted_suite() -> str:
    """Return the suite of new keys."""
    return crypto_suites.SUITES[settings.CRYPTO_SUITE].sealing


def first_keys() -> list[Key]:
    """Return one fresh key for each use."""
    return [new_key(use, wanted_suite()) for use in USES]


def key_file() -> KeyFile:
    """Return the key file; demo and test profiles make their own under HOME. Raises `KeyRingError` without a path."""
    made = first_keys if settings.PROFILE in {"demo", "test"} else None
    return open_file(settings.VAULT_KEY_RING, home=settings.HOME, room="vault", first_keys=made)


def current(use: str) -> Key:
    """Return the key to work with now."""
    return key_file().ring().current(use)


def all_keys(use: str) -> list[Key]:
    """Return every key for `use`, the current one first."""
    return key_file().ring().of_use(use)


def by_id(key_id: str, *, use: str) -> Key:
    """Return the key `key_id`; raises `KeyUnknown`."""
    key = key_file().key(key_id, use=use)
    if key is None:
        raise KeyUnknown(key=key_id, use=use)
    return key


def suite_of(key: Key) -> Suite:
    """Return the suite of `key`; raises `KeyUnknown` when this release does not have it."""
    if key.suite not in SUITES:
        raise KeyUnknown(key=key.id, suite=key.suite)
    return SUITES[key.suite]


@lru_cache(maxsize=1024)
def _derived(key: Key, domain: str) -> bytes:
    return suite_of(key).mac(key.secret, f"tongban.vault.{key.use}\0{domain}".encode())


def derived(key: Key, domain: str) -> bytes:
    """Return the secret of `key` for `domain` only: no two domains share one, so nothing carries over between them."""
    return _derived(key, domain)
