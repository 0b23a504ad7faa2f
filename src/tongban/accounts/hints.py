"""A link that fills in the login name of a log-in window without saying it.

A login name may be a phone, which must not stand in an address: addresses are kept in histories and logs. The link
carries a signed reference to a row of a room above, which says what the login name is; it works for half an hour.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core import signing

from tongban.accounts.rules import Realm
from tongban.kernel import clock

PARAMETER = "as"
_SALT = "tongban.accounts.hints"
_GOOD_FOR = timedelta(minutes=30)

Resolve = Callable[[Realm, UUID], str]
_resolvers: dict[str, Resolve] = {}


def register(source: str, resolve: Resolve) -> None:
    """Let `resolve` say the login name in a realm behind the references of `source` ("" when there is none)."""
    _resolvers[source] = resolve


def make(source: str, reference: UUID) -> str:
    """Return the value of `PARAMETER` in a link to a log-in window."""
    return signing.dumps([source, reference.hex, int(clock.now().timestamp())], salt=_SALT)


def login_name(realm: Realm, hint: str) -> str:
    """Return the login name that a link fills in; "" when the link is old, of another realm, or not ours."""
    try:
        source, reference, made_at = signing.loads(hint, salt=_SALT)
    except signing.BadSignature:
        return ""
    if clock.now() - datetime.fromtimestamp(made_at, UTC) > _GOOD_FOR or source not in _resolvers:
        return ""
    return _resolvers[source](realm, UUID(hex=reference))
