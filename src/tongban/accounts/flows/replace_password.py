"""Write a new password. Part of other acts, which know why it may be replaced and tell the owner in their own words."""

from uuid import UUID

from tongban.accounts import events, tally
from tongban.accounts.errors import PasswordWrong
from tongban.accounts.events_out import CredentialChanged
from tongban.accounts.flows.end_sessions import EndReason, end_sessions
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import limits
from tongban.kernel import clock
from tongban.kernel.events import publish


def replace_password(
    *,
    actor: Actor,
    account: Account,
    encoded: str,
    reason: EndReason,
    keep_session: UUID | None = None,
    confirmed: str | None = None,
) -> None:
    """Give `account` the password `encoded` (made by `make_password` before the caller's transaction).

    All sessions end, or all but `keep_session`. With `confirmed`, the encoded password that was just judged, nothing
    happens when another has taken its place meanwhile: raises `PasswordWrong`. Publishes `CredentialChanged`.
    """
    now = clock.now()
    mine = Account.objects.filter(id=account.id)
    if confirmed is not None:
        mine = mine.filter(password=confirmed)
    if not mine.update(password=encoded, password_changed_at=now, weak_password_since=None):
        raise PasswordWrong
    account.password, account.password_changed_at, account.weak_password_since = encoded, now, None
    tally.enable(account)
    limits.clear(tally.in_a_row("password/confirm"), str(account.id))
    record(events.PASSWORD_CHANGED, actor=actor, subject=account.id)
    end_sessions(actor=actor, account_id=account.id, reason=reason, keep=keep_session)
    publish(CredentialChanged(account.id))
