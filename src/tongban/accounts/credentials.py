"""Judge a password at one price: the same work, whether there is an account, a usable password, or neither.

The price is one verification of the preferred kind of password hash. As long as passwords of two kinds stand in the
database (after the setting PASSWORD_HASH or CRYPTO_SUITE was changed) it is one of each, for everybody: the time must
not tell of which kind an account's password is. A password of another platform (`hashers.ForeignHasher`) is judged and
at once hashed again, or judged and then a wrong one of nobody's besides; for other accounts one of nobody's is opened,
so that this is the same price too. Where checking it takes long, answers leave with the next tick (`ticks`).

A right password is also held against what is known of passwords by now. One of another platform was never judged by our
rules and has to keep all of them; one of ours kept those of its day, and lists of guessable passwords grow.
"""

from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from time import monotonic, sleep

from django.contrib.auth.hashers import get_hashers, identify_hasher, is_password_usable, make_password

from tongban.accounts.hashers import ForeignHasher, PepperedHasher
from tongban.accounts.models import Account
from tongban.accounts.password_policy import breaks_rules, is_guessable
from tongban.kernel.key_ring import Key
from tongban.vault import digests, keys
from tongban.vault.keepers import Keeper

_LATELY = 300.0  # seconds
_lately: deque[tuple[float, float]] = deque(maxlen=10_000)
"""When verdicts that wait for a tick were ready, and how long they took: of this process."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password is right; what is to be kept in its place from now on; whether our rules refuse it."""

    is_right: bool
    renewed: str | None = None
    is_weak: bool = False


def judge(account: Account | None, password: str, *, tick: float = 0.0) -> Verdict:
    """Judge `password`; without an account the answer is no, as late as any other.

    With `tick` (in seconds) the answer comes at a multiple of it after the call: at the first one that every verdict of
    the last minutes would have been ready for, so that slow checks do not stand out when the machine is busy.
    """
    started = monotonic()
    verdict = _judge(account, password)
    if tick:
        sleep(_rest(started, monotonic(), tick))
    return verdict


def _rest(started: float, ready: float, tick: float) -> float:
    """Return how long a verdict that is ready is still held back."""
    _lately.append((ready, ready - started))
    while _lately[0][0] < ready - _LATELY:
        _lately.popleft()
    longest = max(took for _at, took in list(_lately))
    return ceil(longest / tick) * tick - (ready - started)


def _judge(account: Account | None, password: str) -> Verdict:
    if account is None or not is_password_usable(account.password):
        _pretend(password)
        return _wrong(password)
    hasher = identify_hasher(account.password)
    if isinstance(hasher, ForeignHasher):
        return _judge_foreign(hasher, account, password)
    _pretend(password)
    is_right = hasher.verify(password, account.password)
    _pay_for_others(hasher if isinstance(hasher, PepperedHasher) else _preferred(), password)
    if not is_right:
        return Verdict(is_right=False)
    renewed = make_password(password) if is_outdated(account) else None
    return Verdict(is_right=True, renewed=renewed, is_weak=is_guessable(account, password))


def _pretend(password: str) -> None:
    """Pay for the opening of a password of another platform, where there is none."""
    for hasher in get_hashers():
        if isinstance(hasher, ForeignHasher):
            hasher.pretend(password)


def _judge_foreign(hasher: ForeignHasher, account: Account, password: str) -> Verdict:
    if not hasher.opens(password, account.password, account.id):
        return _wrong(password)
    renewed = make_password(password)
    _pay_for_others(_preferred(), password)
    return Verdict(is_right=True, renewed=renewed, is_weak=breaks_rules(account, password))


def _wrong(password: str) -> Verdict:
    preferred = _preferred()
    preferred.verify(password, _nobodys_password(preferred))
    _pay_for_others(preferred, password)
    return Verdict(is_right=False)


def is_outdated(account: Account) -> bool:
    """Return whether the password, just verified, should be hashed again with today's kind, key and parameters."""
    preferred = _preferred()
    return identify_hasher(account.password).algorithm != preferred.algorithm or preferred.must_update(account.password)


def passwords_of_key(key: Key) -> int:
    """Return how many passwords need `key` for their pepper; a password gets today's pepper when its owner logs in."""
    if key.use != keys.DIGEST:
        return 0
    return sum(Account.objects.filter(password__startswith=f"{kind.algorithm}${key.id}$").count() for kind in _kinds())


KEEPER = Keeper("accounts.passwords", needing=passwords_of_key, renew=None)


def forget() -> None:
    """Look again which kinds of password stand in the database: between tests."""
    _standing.clear()


_standing: dict[str, bool] = {}
"""Of each kind that is not preferred, whether some password of it may stand in the database."""


def _pay_for_others(paid: PepperedHasher, password: str) -> None:
    """Verify a wrong password of each kind that stands besides the one `paid` already.

    One look per process suffices: no more passwords of these kinds are made, and one that is met all the same (another
    process still runs with the former setting) is remembered. A kind whose last password went away is paid for until
    the next start.
    """
    preferred = _preferred()
    if paid.algorithm != preferred.algorithm:
        _standing[paid.algorithm] = True
    for kind in _kinds():
        if kind.algorithm != paid.algorithm and (kind.algorithm == preferred.algorithm or _stands(kind)):
            kind.verify(password, _nobodys_password(kind))


def _stands(kind: PepperedHasher) -> bool:
    if kind.algorithm not in _standing:
        _standing[kind.algorithm] = Account.objects.filter(password__startswith=f"{kind.algorithm}$").exists()
    return _standing[kind.algorithm]


def _kinds() -> list[PepperedHasher]:
    return [hasher for hasher in get_hashers() if isinstance(hasher, PepperedHasher)]


def _preferred() -> PepperedHasher:
    return _kinds()[0]


def _nobodys_password(kind: PepperedHasher) -> str:
    """Return an encoded form that no password fits, under today's pepper: the key of a former one may be gone."""
    return _decoy(kind, digests.current_key_id())


@lru_cache(maxsize=8)
def _decoy(kind: PepperedHasher, _pepper: str) -> str:
    return kind.decoy()
