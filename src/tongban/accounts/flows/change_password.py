"""Change the password."""

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.accounts import events, queries
from tongban.accounts.errors import PasswordWrong
from tongban.accounts.events_out import CredentialChanged
from tongban.accounts.flows.confirm_password import confirm_password
from tongban.accounts.flows.end_sessions import EndReason, end_sessions
from tongban.accounts.models import Account
from tongban.accounts.password_policy import check_new_password
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.kernel.events import publish
from tongban.notify.flows.post_message import post_message
from tongban.notify.flows.send_sms import send_sms
from tongban.vault.purposes import Purpose


def change_password(
    *, actor: Actor, account: Account, current: str, new: str, keep_session: UUID | None = None
) -> Account:
    """Replace the password `current` by `new`, end every other session, tell the owner; return the changed account.

    Raises `PasswordRefused` for the new password, `PasswordWrong` or `TooManyRequests` for the current one. Call it
    outside of any transaction.
    """
    check_new_password(new, realm=Realm(account.realm), context=_context(account))
    confirm_password(actor=actor, account=account, password=current)
    encoded = make_password(new)
    with transaction.atomic():
        _replace(account, encoded)
        record(events.PASSWORD_CHANGED, actor=actor, subject=account.id)
        end_sessions(actor=actor, account_id=account.id, reason=EndReason.PASSWORD_CHANGED, keep=keep_session)
        publish(CredentialChanged(account.id))
        _tell(account)
    return account


def _context(account: Account) -> list[str]:
    """Return the words that must not stand in the new password."""
    phone = queries.phone_of(account, Purpose.MATCH)
    profile = queries.legal_profile(account)
    unit = [profile.unit_name, profile.uscc] if profile else []
    return [account.login_name, *([phone.value] if phone else []), *unit]


def _replace(account: Account, encoded: str) -> None:
    """Write the new password, unless the one just confirmed has been replaced meanwhile."""
    now = clock.now()
    mine = Account.objects.filter(id=account.id, password=account.password)
    if not mine.update(password=encoded, password_changed_at=now):
        raise PasswordWrong
    account.password, account.password_changed_at = encoded, now


def _tell(account: Account) -> None:
    post_message(account_id=account.id, template="password_changed", params={})
    phone = queries.phone_of(account, Purpose.DELIVER_MESSAGE)
    if phone:
        key = f"password_changed:{account.id}:{account.password_changed_at.isoformat()}"
        send_sms(to=phone, template="password_changed", params={}, key=key)
