"""Judge a password at one price: exactly one verification, whether there is an account, a usable password, or neither.

A password of a legacy kind (a hasher of the transfer room) must cost what one verification costs here.
"""

from functools import cache

from django.contrib.auth.hashers import get_hasher, identify_hasher, is_password_usable

from tongban.accounts.models import Account


@cache
def _nobodys_password() -> str:
    """Return the encoded form of a random secret that is forgotten at once."""
    hasher = get_hasher()
    return hasher.encode(hasher.salt(), hasher.salt())


def matches(account: Account | None, password: str) -> bool:
    """Return whether `password` is the account's; without an account the answer is no, as late as any other."""
    usable = account is not None and is_password_usable(account.password)
    encoded = account.password if account is not None and usable else _nobodys_password()
    return identify_hasher(encoded).verify(password, encoded) and usable


def is_outdated(account: Account) -> bool:
    """Return whether the password, just verified, should be hashed again with today's key and parameters."""
    hasher = identify_hasher(account.password)
    preferred = get_hasher()
    return hasher.algorithm != preferred.algorithm or preferred.must_update(account.password)
