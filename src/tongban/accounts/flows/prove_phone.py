"""Note that the phone of an account is its owner's. Part of other acts, which redeemed a code that was sent to it."""

from tongban.accounts import events
from tongban.accounts.events_out import PhoneProved
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.kernel.events import publish


def prove_phone(*, actor: Actor, account: Account) -> None:
    """Let the account's phone count as proved, in the caller's transaction; one that counts already stays as it is.

    Only accounts that were brought over have a phone that nobody proved. Publishes `PhoneProved`.
    """
    now = clock.now()
    unproved = Account.objects.filter(id=account.id, phone_index=account.phone_index, phone_proved_at__isnull=True)
    if unproved.update(phone_proved_at=now):
        account.phone_proved_at = now
        record(events.PHONE_PROVED, actor=actor, subject=account.id)
        publish(PhoneProved(account.id))
