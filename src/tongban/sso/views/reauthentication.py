"""The mark that a person was asked to log in again for one request, so that they are asked once and cannot skip it.

It travels in our own address as `reauth`: when it was asked, signed together with the request. A request that insists
on a fresh log-in is content when its mark is genuine and the session is younger than the mark.
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.core import signing

from tongban.kernel import clock
from tongban.sso.rules import digest

PARAMETER = "reauth"
_SALT = "tongban.sso.reauth"
_GOOD_FOR = timedelta(minutes=15)


def marked(query: str) -> str:
    """Return `query` (without a mark) with a mark of this moment."""
    mark = signing.dumps({"at": clock.now().timestamp(), "for": digest(query)}, salt=_SALT)
    return f"{query}&{urlencode({PARAMETER: mark})}"


def unmarked(query: str) -> str:
    """Return `query` without its mark, if it has one."""
    return query.partition(f"&{PARAMETER}=")[0]


def asked_at(query: str, mark: str) -> datetime | None:
    """Return when the person was asked, if `mark` is genuine, belongs to this `query` and is not old."""
    try:
        content = signing.loads(mark, salt=_SALT)
    except signing.BadSignature:
        return None
    at = datetime.fromtimestamp(content["at"], UTC)
    if content["for"] != digest(unmarked(query)) or clock.now() - at > _GOOD_FOR:
        return None
    return at
