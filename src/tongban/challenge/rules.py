"""Pure rules of the room: what codes are for, how rates are written."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class CodePurpose(StrEnum):
    """What a one-time code permits. A code for one purpose is worth nothing for another; each has its own message."""

    REGISTER = "register"
    CHANGE_PHONE_OLD = "change_phone_old"
    CHANGE_PHONE_NEW = "change_phone_new"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose
    APPEAL = "appeal"
    APPEAL_STATUS = "appeal_status"
    SEARCH = "search"
    PROVE_PHONE = "prove_phone"


class EndReason(StrEnum):
    """Why a code or a human check is no longer live."""

    REDEEMED = "redeemed"
    TRIES = "tries"  # too many tries
    EXPIRED = "expired"
    REPLACED = "replaced"  # newer ones took its place


def fresh_code(digits: int) -> str:
    """Return `digits` random decimal digits."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in any stretch of `period`, however it is placed (a rolling window)."""

    name: str
    times: int
    period: timedelta


_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_RATE = re.compile(r"(?P<times>[1-9]\d*)/(?P<count>[1-9]\d*)?(?P<unit>s|min|h|d)")


def limits(name: str, rates: str) -> tuple[Limit, ...]:
    """Return the limits that `rates` describes: `"1/min 5/h 10/d"`, `"25/5min"`; shortest period first.

    Raises `ValueError` naming the part that is no rate.
    """
    found = []
    for part in rates.split():
        match = _RATE.fullmatch(part)
        if match is None:
            message = f"{part!r} is not a rate such as 5/h or 25/5min"
            raise ValueError(message)
        period = timedelta(seconds=int(match["count"] or 1) * _UNITS[match["unit"]])
        found.append(Limit(f"{name}/{match['count'] or ''}{match['unit']}", int(match["times"]), period))
    return tuple(sorted(found, key=lambda limit: limit.period))


def earliest_retry(hits: list[datetime], limit: Limit, *, now: datetime) -> datetime:
    """Return when the next hit is allowed after `hits` (oldest first): `now` when there is room."""
    if len(hits) < limit.times:
        return now
    return max(now, hits[-limit.times] + limit.period)
