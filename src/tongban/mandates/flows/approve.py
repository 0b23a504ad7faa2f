"""A unit approves what a person asked for, or refuses it."""

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
from tongban.mandates.rules import EndReason, last_moment


def approve(*, actor: Account, bundle: UUID, days: int) -> list[Mandate]:
    """Let the person act for the unit for `days`, in place of older mandates for the same; returns the mandates.

    Raises `UnitNotVerified`, `TermRefused`, `NotWaiting` (also for a request to another unit), `ChangeMustWait`.
    """
    who = parties.actor_of(actor)
    now = clock.now()
    until = last_moment(now, days=days, longest=parties.longest_term())
    with transaction.atomic():
        publish(RiskyChangeAsked(actor.id))
        parties.unit_of(actor)
        asked = queries.requests_to(actor).filter(bundle=bundle).first()
        if asked is None or asked.holder_id is None:
            raise NotWaiting
        one_at_a_time(asked.holder_id)
        rows = _asked(actor, bundle)
        holder = rows[0].holder
        assert holder is not None  # noqa: S101 - a request has a holder: the database keeps it
        services = [row.service for row in rows]
        make_room(actor=who, holder=holder, uscc=rows[0].uscc, services=services, but=bundle)
        for row in rows:
            row.unit, row.unit_agreed_at, row.until = actor, now, until
            row.save(update_fields=["unit", "unit_agreed_at", "until"])
        note_begun(actor=who, rows=rows, how="approved")
        tell.holder(rows, "mandate_approved")
    return rows


def refuse(*, actor: Account, bundle: UUID) -> None:
    """Turn the request down; raises `NotWaiting`, also for a request to another unit."""
    with transaction.atomic():
        rows = _asked(actor, bundle)
        close(actor=parties.actor_of(actor), rows=rows, reason=EndReason.REFUSED, by=actor)
        tell.holder(rows, "mandate_refused")


def _asked(actor: Account, bundle: UUID) -> list[Mandate]:
    """Return the rows of the request, locked."""
    waiting = queries.requests_to(actor).filter(bundle=bundle).select_related("holder")
    rows = list(waiting.select_for_update(of=("self",)))
    if not rows:
        raise NotWaiting
    return rows
