"""A unit offers a person to act for it. Nobody is looked up: who is meant finds the offer, or nobody does."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from tongban.accounts.events_out import RiskyChangeAsked
from tongban.accounts.models import Account
from tongban.audit.flows.record import record
from tongban.challenge import limits
from tongban.kernel import clock
from tongban.kernel.events import publish
from tongban.kernel.ids import new_id
from tongban.kernel.names import PersonName
from tongban.mandates import events, parties
from tongban.mandates.errors import AlreadyWaiting
from tongban.mandates.models import ADDRESS_DOMAIN, Mandate
from tongban.mandates.rules import Origin, address, last_moment
from tongban.vault import blind_index


def offer(*, actor: Account, name: PersonName, contact: str, services: Collection[str], days: int) -> UUID:
    """Offer whoever is verified as `name` and reached at `contact` (mobile or login name) to act in `services`.

    Returns the id of the offer. The answer and its cost are the same whether such a person exists: the worker tells
    them later. Raises `UnitNotVerified`, `ServiceNotOffered`, `TermRefused`, `AlreadyWaiting`, `ChangeMustWait`,
    `TooManyRequests`. Call it outside of any transaction.
    """
    unit = parties.unit_of(actor)
    slugs = parties.offered(services)
    now = clock.now()
    until = last_moment(now, days=days, longest=parties.longest_term())
    publish(RiskyChangeAsked(actor.id))
    pairs = limits.limits("mandates/unit", settings.MANDATE_OFFERS_PER_UNIT)
    limits.consume_all((limit, str(actor.id)) for limit in pairs)
    bundle = new_id()
    try:
        with transaction.atomic():
            for slug in slugs:
                Mandate(
                    bundle=bundle,
                    service=slug,
                    uscc=unit.uscc,
                    unit=actor,
                    name=name.value,
                    contact=contact,
                    address_index=blind_index.of(ADDRESS_DOMAIN, address(name, contact)),
                    origin=Origin.OFFERED,
                    opened_at=now,
                    unit_agreed_at=now,
                    until=until,
                    answer_by=now + timedelta(days=settings.MANDATE_ANSWER_DAYS),
                ).save(force_insert=True)
            facts: dict[str, str | int] = {"unit": unit.uscc, "services": " ".join(slugs), "days": days}
            record(events.OFFERED, actor=parties.actor_of(actor), subject=bundle, facts=facts)
    except IntegrityError as error:
        raise AlreadyWaiting from error
    return bundle
