"""Bring sealed legacy passwords under the vault's current key, as the vault does with its own fields."""

import logging
from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet

from tongban.accounts.models import Account
from tongban.kernel.key_ring import Key
from tongban.transfer.hashers import PREFIX, PasswordSealer, unsealed
from tongban.vault import keys
from tongban.vault.errors import VaultError
from tongban.vault.keepers import Keeper, Renewed

log = logging.getLogger("tongban.transfer.reseal")


def passwords_of_key(key: Key) -> int:
    """Return how many sealed passwords need `key`."""
    return _sealed_with(key).count() if key.use == keys.SEAL else 0


def reseal_passwords(batch: int) -> Iterator[Renewed]:
    """Renew whatever is not under the current key, one transaction for each `batch` of accounts."""
    stale = _sealed().exclude(pk__in=_sealed_with(keys.current(keys.SEAL)).values("pk")).order_by("pk")
    last = None
    while rows := list((stale if last is None else stale.filter(pk__gt=last)).only("id", "password")[:batch]):
        with transaction.atomic():
            renewed = _reseal(rows)
        yield renewed
        last = rows[-1].pk


def _reseal(rows: list[Account]) -> Renewed:
    sealer = PasswordSealer()
    renewed = damaged = 0
    for account in rows:
        try:
            encoded = sealer.seal(unsealed(account.password, account.id), account.id)
        except VaultError as error:
            damaged += 1
            log.error("%s: the password of account %s", error.code, account.pk)
            continue
        # Only if its owner has not logged in meanwhile.
        renewed += Account.objects.filter(pk=account.pk, password=account.password).update(password=encoded)
    return Renewed(renewed, damaged)


def _sealed() -> QuerySet[Account]:
    return Account.objects.filter(password__startswith=PREFIX)


def _sealed_with(key: Key) -> QuerySet[Account]:
    return Account.objects.filter(password__startswith=f"{PREFIX}{key.id}$")


KEEPER = Keeper("transfer.passwords", needing=passwords_of_key, renew=reseal_passwords)
