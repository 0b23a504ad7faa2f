"""Judge a password at one price: exactly one Argon2, whether there is an account, a usable password, or neither.

A password of another platform (`hashers.ForeignHasher`) is judged and at once hashed again, or judged and then a wrong
one of nobody's besides: one Argon2 too. Where checking it takes long, answers leave with the next tick (`ticks`).
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from time import monotonic, sleep

from django.contrib.auth.hashers import get_hasher, identify_hasher, is_password_usable, make_password

from tongban.accounts import queries
from tongban.accounts.errors import PasswordRefused
from tongban.accounts.hashers import ForeignHasher
from tongban.accounts.models import Account
from tongban.accounts.password_policy import check_new_password
from tongban.accounts.rules import Realm
from tongban.vault.purposes import Purpose

_beside = ThreadPoolExecutor(2, thread_name_prefix="passwords")
"""Judges a foreign password by our rules while Argon2, which leaves the interpreter free, hashes it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password is right; what is to be kept in its place from now on; whether our rules refuse it."""

    is_right: bool
    renewed: str | None = None
    is_weak: bool = False


def judge(account: Account | None, password: str, *, tick: float = 0.0) -> Verdict:
    """Judge `password`; without an account the answer is no, as late as any other.

    With `tick` (in seconds) the answer comes at a multiple of it after the call.
    """
    started = monotonic()
    verdict = _judge(account, password)
    if tick:
        sleep(tick - (monotonic() - started) % tick)
    return verdict


def _judge(account: Account | None, password: str) -> Verdict:
    if account is None or not is_password_usable(account.password):
        return _wrong(password)
    hasher = identify_hasher(account.password)
    if isinstance(hasher, ForeignHasher):
        return _judge_foreign(hasher, account, password)
    is_right = hasher.verify(password, account.password)
    return Verdict(is_right, make_password(password) if is_right and is_outdated(account) else None)


def _judge_foreign(hasher: ForeignHasher, account: Account, password: str) -> Verdict:
    if not hasher.opens(password, account.password, account.id):
        return _wrong(password)
    phone = queries.phone_of(account, Purpose.MATCH)
    known = [account.login_name, *([phone.value] if phone else [])]
    weak = _beside.submit(_is_weak, password, Realm(account.realm), known)
    return Verdict(is_right=True, renewed=make_password(password), is_weak=weak.result())


def _is_weak(password: str, realm: Realm, known: Sequence[str]) -> bool:
    try:
        check_new_password(password, realm=realm, context=known)
    except PasswordRefused:
        return True
    return False


def _wrong(password: str) -> Verdict:
    encoded = _nobodys_password()
    identify_hasher(encoded).verify(password, encoded)
    return Verdict(is_right=False)


@cache
def _nobodys_password() -> str:
    """Return the encoded form of a random secret that is forgotten at once."""
    hasher = get_hasher()
    return hasher.encode(hasher.salt(), hasher.salt())


def is_outdated(account: Account) -> bool:
    """Return whether the password, just verified, should be hashed again with today's key and parameters."""
    hasher = identify_hasher(account.password)
    preferred = get_hasher()
    return hasher.algorithm != preferred.algorithm or preferred.must_update(account.password)
