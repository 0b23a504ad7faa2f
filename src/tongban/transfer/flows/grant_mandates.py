"""E4: who held the unit's account on the legacy platform may go on acting for the unit, by themselves, once."""

import logging
from uuid import UUID

from django.conf import settings

from tongban.accounts import queries as accounts
from tongban.accounts.events_out import IdentityBound, PhoneProved
from tongban.accounts.models import Account
from tongban.accounts.rules import IdentityKind
from tongban.audit.actors import Actor
from tongban.kernel.uscc import Uscc
from tongban.mandates.errors import MandatesError
from tongban.mandates.flows.grant import grant
from tongban.transfer import queries
from tongban.transfer.rules import MANDATE_RULE, Outcome

log = logging.getLogger("tongban.transfer.grant_mandates")


def grant_mandates(*, account_id: UUID) -> bool:
    """Grant them if the account is one of E4, its holder verified, its legacy phone proved; return whether it was done.

    The first such person gets them, for a year; nobody gets them a second time. May be called inside a transaction.
    """
    legacy = queries.legacy_account_of(account_id)
    if legacy is None or legacy.outcome != Outcome.E4:
        return False
    holder = Account.objects.get(id=account_id)
    if not queries.has_proved_legacy_phone(holder, legacy):
        return False
    try:
        grant(
            actor=Actor.system(),
            holder=holder,
            uscc=Uscc.parse(legacy.uscc),
            services=settings.TRANSFER_SERVICES,
            days=min(settings.TRANSFER_MANDATE_DAYS, settings.MANDATE_LONGEST_DAYS),
            rule=MANDATE_RULE,
        )
    except MandatesError as error:
        log.info("%s: no mandates for account %s", error.code, account_id)
        return False
    return True


def after_phone(event: PhoneProved) -> None:
    """The holder proved the phone, perhaps after being verified."""
    grant_mandates(account_id=event.account_id)


def after_binding(event: IdentityBound) -> None:
    """The holder was verified; or the unit was, whose holder had waited for that."""
    if event.kind is IdentityKind.DOCUMENT:
        grant_mandates(account_id=event.account_id)
        return
    binding = accounts.live_binding(event.account_id, IdentityKind.UNIT)
    legacy = queries.find_unit(Uscc.parse(binding.uscc)) if binding else None
    if legacy and legacy.account_id:
        grant_mandates(account_id=legacy.account_id)
