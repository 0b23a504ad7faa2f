"""How often something may happen: counted in the database, strictly, whoever asks at the same moment.

A refused try is not counted: who keeps knocking is let in again as soon as the window has moved on.
A hit counts in the caller's transaction: whoever counts failures does so outside of what it rolls back.
"""

from collections.abc import Iterable
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet

from tongban.challenge.errors import TooManyRequests
from tongban.challenge.models import Hits
from tongban.challenge.rules import Limit, earliest_retry, limits
from tongban.kernel import clock
from tongban.vault import digests

__all__ = ["Limit", "Pair", "clear", "consume", "consume_all", "exceeded", "free_at", "limits"]

Pair = tuple[Limit, str]
# Plain SQL: Django cannot say "insert, or else change it if there is room". The last hits are kept, as many as the
# limit allows; the oldest of them must be old enough, unless there are fewer.
_TAKE = """
INSERT INTO challenge_hits (key, instants, forget_at) VALUES (%(key)s, %(instant)s, %(forget_at)s)
ON CONFLICT (key) DO UPDATE SET
  instants = CASE WHEN length(challenge_hits.instants) < %(kept)s THEN challenge_hits.instants
                  ELSE substr(challenge_hits.instants, length(challenge_hits.instants) - %(kept)s + %(length)s + 1) END
             || excluded.instants,
  forget_at = excluded.forget_at
WHERE length(challenge_hits.instants) < %(kept)s
   OR substr(challenge_hits.instants, length(challenge_hits.instants) - %(kept)s + 1, %(length)s) <= %(oldest)s
"""
log = structlog.get_logger("tongban.challenge")


def consume(limit: Limit, key: str) -> None:
    """Count one hit of `key`; raises `TooManyRequests`, and counts nothing, when `limit` is reached."""
    consume_all([(limit, key)])


def consume_all(pairs: Iterable[Pair]) -> None:
    """Count one hit for every pair of limit and key, or for none: raises `TooManyRequests` with the latest retry."""
    now = clock.now()
    # Always in the same order, so that two callers never wait for each other.
    rows = sorted((_row_key(limit, key), limit) for limit, key in pairs)
    with transaction.atomic():
        full = [(key, limit) for key, limit in rows if not _take(key, limit, now)]
        if full:
            retry_at, limit = max(((_free_at(key, limit, now), limit) for key, limit in full), key=lambda it: it[0])
            log.warning("limit reached", limit=limit.name)
            raise TooManyRequests(limit=limit.name, retry_at=retry_at)


def exceeded(limit: Limit, key: str) -> bool:
    """Return whether the next hit of `key` would be refused; counts nothing."""
    return free_at([(limit, key)]) > clock.now()


def free_at(pairs: Iterable[Pair]) -> datetime:
    """Return when one hit for every pair will be allowed again: the present moment when it is allowed now."""
    now = clock.now()
    return max((_free_at(_row_key(limit, key), limit, now) for limit, key in pairs), default=now)


def clear(limit: Limit, key: str) -> None:
    """Forget the hits of `key`, for example the failures before a success."""
    _rows(_row_key(limit, key)).delete()


def _row_key(limit: Limit, key: str) -> str:
    return digests.keyed("challenge.limit", f"{limit.name}|{key}")


def _rows(key: str) -> QuerySet[Hits]:
    return Hits.objects.filter(key=key)


def _take(key: str, limit: Limit, now: datetime) -> bool:
    """Count a hit if there is room; return whether there was. One statement judges and counts."""
    kept = limit.times * Hits.INSTANT_LENGTH
    values: dict[str, str | int | datetime | None] = {
        "key": key,
        "instant": Hits.instant(now),
        "forget_at": connection.ops.adapt_datetimefield_value(now + limit.period),
        "kept": kept,
        "oldest": Hits.instant(now - limit.period),
        "length": Hits.INSTANT_LENGTH,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        return bool(cursor.rowcount == 1)


def _free_at(key: str, limit: Limit, now: datetime) -> datetime:
    row = _rows(key).first()
    return earliest_retry(row.moments if row else [], limit, now=now)
