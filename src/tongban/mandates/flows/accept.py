"""A person accepts what a unit offered, or declines it."""

from uuid import UUID

from django.db import transaction

from tongban.accounts.events_out import RiskyChangeAsked
from tongban.accounts.models import Account
from tongban.kernel import clock
from tongban.kernel.events import publish
from tongban.mandates import parties, queries
from tongban.mandates.errors import NotWaiting
from tongban.mandates.flows import tell
from tongban.mandates.flows.begin import make_room, note_begun, one_at_a_time
from tongban.mandates.flows.close import close
from tongban.mandates.models import Mandate
from tongban.mandates.rules import EndReason


def accept(*, actor: Account, bundle: UUID) -> list[Mandate]:
    """Let the offer take effect, in place of older mandates for the same; returns its mandates.

    Raises `NotWaiting` (also for an offer to somebody else), `HolderNotVerified`, `ChangeMustWait`.
    """
    who = parties.actor_of(actor)
    with transaction.atomic():
        publish(RiskyChangeAsked(actor.id))
        one_at_a_time(actor.id)
        parties.must_be_verified(actor)
        rows = _offered(actor, bundle)
        services = [row.service for row in rows]
        make_room(actor=who, holder=actor, uscc=rows[0].uscc, services=services)
        now = clock.now()
        for row in rows:
            row.holder, row.holder_agreed_at = actor, now
            # The address has served: from now on the account says who it is.
            row.name = row.contact = row.address_index = None
            row.save(update_fields=["holder", "holder_agreed_at", "name", "contact", "address_index"])
        note_begun(actor=who, rows=rows, how="accepted")
        tell.unit(rows, "mandate_accepted")
    return rows


def decline(*, actor: Account, bundle: UUID) -> None:
    """Turn the offer down; raises `NotWaiting`, also for an offer to somebody else."""
    with transaction.atomic():
        rows = _offered(actor, bundle)
        close(actor=parties.actor_of(actor), rows=rows, reason=EndReason.DECLINED, by=actor)
        tell.unit(rows, "mandate_declined")


def _offered(actor: Account, bundle: UUID) -> list[Mandate]:
    """Return the rows of the offer, locked: whoever answers or takes it back at the same moment waits."""
    rows = list(queries.offers_to(actor).filter(bundle=bundle).select_for_update(of=("self",)))
    if not rows:
        raise NotWaiting
    return rows
