"""Write a new phone. Part of other acts, which know that it was proved, end sessions and tell the owner."""

from tongban.accounts import events
from tongban.accounts.models import PHONE_DOMAIN, Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.vault import blind_index


def replace_phone(*, actor: Actor, account: Account, phone: Mobile) -> None:
    """Give `account` the phone, which its new owner has proved, in the caller's transaction."""
    account.phone = phone.value
    account.phone_index = blind_index.of(PHONE_DOMAIN, phone.value)
    account.phone_proved_at = clock.now()
    account.save(update_fields=["phone", "phone_index", "phone_proved_at"])
    record(events.PHONE_CHANGED, actor=actor, subject=account.id)
