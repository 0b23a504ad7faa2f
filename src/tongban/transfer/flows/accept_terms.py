"""The owner of a brought-over account agrees to the texts that others agree to when they register."""

from django.db import transaction

from tongban.accounts.flows.open_account import give_consent
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.transfer import events


def accept_terms(*, actor: Actor, account: Account) -> None:
    """Note it; doing so twice changes nothing."""
    with transaction.atomic():
        if give_consent(account):
            record(events.TERMS_ACCEPTED, actor=actor, subject=account.id)
