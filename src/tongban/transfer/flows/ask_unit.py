"""E4 without the legacy phone, or after somebody else was first: the unit decides."""

from uuid import UUID

from django.conf import settings

from tongban.accounts.models import Account
from tongban.kernel.uscc import Uscc
from tongban.mandates.flows.request import request
from tongban.mandates.rules import Origin
from tongban.transfer import queries
from tongban.transfer.errors import NotBroughtOver
from tongban.transfer.rules import Outcome


def ask_unit(*, actor: Account) -> UUID:
    """Ask the unit of the legacy account to let `actor` act for it, and return the id of the request.

    Raises `NotBroughtOver` for any other account, and what `mandates.flows.request` raises. Call it outside of any
    transaction.
    """
    legacy = queries.legacy_account_of(actor.id)
    if legacy is None or legacy.outcome != Outcome.E4:
        raise NotBroughtOver
    uscc = Uscc.parse(legacy.uscc)
    return request(actor=actor, uscc=uscc, services=settings.TRANSFER_SERVICES, origin=Origin.TRANSFER)
