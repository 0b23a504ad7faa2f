"""Whoever offered or asked takes it back before the other side answers."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from tongban.accounts.models import Account
from tongban.mandates import parties
from tongban.mandates.errors import NotWaiting
from tongban.mandates.flows.close import close
from tongban.mandates.models import OFFER, REQUEST, Mandate
from tongban.mandates.rules import EndReason


def withdraw(*, actor: Account, bundle: UUID) -> None:
    """Take the offer or request back; raises `NotWaiting`, also for another's."""
    mine = Mandate.objects.filter(Q(OFFER, unit=actor) | Q(REQUEST, holder=actor), bundle=bundle)
    with transaction.atomic():
        rows = mine.select_for_update(of=("self",))
        if not close(actor=parties.actor_of(actor), rows=list(rows), reason=EndReason.WITHDRAWN, by=actor):
            raise NotWaiting
