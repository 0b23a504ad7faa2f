"""Change the password."""

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tongban.accounts import queries
from tongban.accounts.flows.confirm_password import confirm_password
from tongban.accounts.flows.end_sessions import EndReason
from tongban.accounts.flows.not_me import not_me_link
from tongban.accounts.flows.replace_password import replace_password
from tongban.accounts.models import Account
from tongban.accounts.password_policy import check_password_of
from tongban.accounts.rules import Notice
from tongban.audit.actors import Actor
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
    check_password_of(account, new)
    confirm_password(actor=actor, account=account, password=current)
    encoded = make_password(new)
    with transaction.atomic():
        replace_password(
            actor=actor,
            account=account,
            encoded=encoded,
            reason=EndReason.PASSWORD_CHANGED,
            keep_session=keep_session,
            confirmed=account.password,
        )
        _tell(account)
    return account


def _tell(account: Account) -> None:
    post_message(account_id=account.id, template="password_changed", params={})
    phone = queries.phone_of(account, Purpose.DELIVER_MESSAGE)
    if phone:
        key = f"password_changed:{account.id}:{account.password_changed_at.isoformat()}"
        params = {"link": not_me_link(account, Notice.PASSWORD)}
        send_sms(to=phone, template="password_changed", params=params, language=account.language, key=key)
