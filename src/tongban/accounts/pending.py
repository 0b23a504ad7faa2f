"""Somebody whose password was accepted and who still owes something: a second factor, or a better password. Nobody yet.

It is kept in the visitor's session, which no door lets in; it holds for one password, and for a few minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings

from tongban.accounts import queries
from tongban.accounts.models import Account, Invitation
from tongban.accounts.sessions import SessionStore
from tongban.kernel import clock


class Owes(StrEnum):
    """What has to come before somebody is signed in. What was begun for one counts for no other."""

    SECOND_FACTOR = "staff_pending"
    NEW_PASSWORD = "new_password_pending"  # noqa: S105 - the name of a step


@dataclass(frozen=True, slots=True)
class Pending:
    """Whose password was accepted; with the `invitation` by which an authenticator app may be tied to the account."""

    account: Account
    invitation: Invitation | None


def begin(
    session: SessionStore, account: Account, invitation: Invitation | None = None, *, owes: Owes = Owes.SECOND_FACTOR
) -> None:
    """Remember, under a new key, that the password of `account` was accepted."""
    session.cycle_key()
    session[owes] = {
        "account": str(account.id),
        "password": account.get_session_auth_hash(),
        "at": clock.now().isoformat(),
        "invitation": str(invitation.id) if invitation else None,
    }


def find(session: SessionStore, *, owes: Owes = Owes.SECOND_FACTOR) -> Pending | None:
    """Return who is half signed in, unless it took too long, or the password was changed or the link used since."""
    known: dict[str, Any] | None = session.get(owes)
    if known is None or clock.now() >= datetime.fromisoformat(known["at"]) + _time():
        return None
    account = queries.usable_account(UUID(known["account"]))
    if account is None or account.get_session_auth_hash() != known["password"]:
        return None
    if known["invitation"] is None:
        return Pending(account, None)
    live = Invitation.objects.live(clock.now()).select_related("account")
    invitation = live.filter(id=UUID(known["invitation"])).first()
    return Pending(account, invitation) if invitation else None


def end(session: SessionStore, *, owes: Owes = Owes.SECOND_FACTOR) -> None:
    """Forget it."""
    session.pop(owes, None)


def _time() -> timedelta:
    return timedelta(seconds=settings.SECOND_FACTOR_SECONDS)
