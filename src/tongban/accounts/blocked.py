"""Somebody who knows the password of a suspended account: for a while they may read why, and object."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from tongban.accounts.errors import AccountSuspended
from tongban.accounts.models import Suspension
from tongban.accounts.sessions import SessionStore
from tongban.kernel import clock

_KEY = "suspended"


def begin(session: SessionStore, error: AccountSuspended) -> None:
    """Remember, under a new key, that the password of the account was right."""
    session.cycle_key()
    session[_KEY] = {"suspension": str(error.suspension), "at": clock.now().isoformat()}


def find(session: SessionStore) -> Suspension | None:
    """Return the suspension somebody may read about here, unless it was lifted or that was long ago."""
    known: dict[str, str] | None = session.get(_KEY)
    standing = timedelta(seconds=settings.SECOND_FACTOR_SECONDS)
    if known is None or clock.now() >= datetime.fromisoformat(known["at"]) + standing:
        return None
    live = Suspension.objects.filter(id=UUID(known["suspension"]), ended_at__isnull=True)
    return live.select_related("account").first()
