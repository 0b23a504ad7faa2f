"""Change the phone: the password and a code to the old phone first, then a code to the new one."""

from uuid import UUID

from django.db import transaction

from tongban.accounts import queries
from tongban.accounts.errors import PhoneUnchanged
from tongban.accounts.events_out import CredentialChanged, RiskyChangeAsked
from tongban.accounts.flows.confirm_password import confirm_password
from tongban.accounts.flows.end_sessions import EndReason, end_sessions
from tongban.accounts.flows.not_me import not_me_link
from tongban.accounts.flows.replace_phone import replace_phone
from tongban.accounts.models import Account
from tongban.accounts.rules import Notice
from tongban.audit.actors import Actor
from tongban.challenge.flows.check_code import CheckedCode
from tongban.challenge.flows.spend_code import spend_code
from tongban.kernel.events import publish
from tongban.kernel.mobile import Mobile
from tongban.notify.flows.post_message import post_message
from tongban.notify.flows.send_sms import send_sms
from tongban.vault.purposes import Purpose


def confirm_owner(*, actor: Actor, account: Account, password: str, old_code: CheckedCode) -> None:
    """Accept the password and a code that was sent to the old phone: this is the owner.

    Raises `ChangeMustWait`, `PasswordWrong`, `TooManyRequests`, `CodeRejected`. Call it outside of any transaction.
    """
    publish(RiskyChangeAsked(account.id))
    confirm_password(actor=actor, account=account, password=password)
    spend_code(actor=actor, checked=old_code)


def change_phone(
    *, actor: Actor, account: Account, phone: Mobile, new_code: CheckedCode, keep_session: UUID | None = None
) -> None:
    """Give the account, whose owner was confirmed, the phone that `new_code` was sent to.

    Every other session ends; the old phone and the account's messages tell of it. Raises `PhoneUnchanged`,
    `ChangeMustWait`, `CodeRejected`.
    """
    old = queries.phone_of(account, Purpose.DELIVER_MESSAGE)
    if old == phone:
        raise PhoneUnchanged
    with transaction.atomic():
        publish(RiskyChangeAsked(account.id))
        spend_code(actor=actor, checked=new_code)
        replace_phone(actor=actor, account=account, phone=phone)
        end_sessions(actor=actor, account_id=account.id, reason=EndReason.PHONE_CHANGED, keep=keep_session)
        publish(CredentialChanged(account.id))
        _tell(account, old, phone, key=f"phone_changed:{new_code.id}")


def _tell(account: Account, old: Mobile | None, new: Mobile, *, key: str) -> None:
    params = {"phone": new.masked}
    post_message(account_id=account.id, template="phone_changed", params=params)
    if old:
        params = {**params, "link": not_me_link(account, Notice.PHONE)}
        send_sms(to=old, template="phone_replaced", params=params, language=account.language, key=key)
