"""A person asks a unit to be allowed to act for it."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from tongban.accounts.models import Account
from tongban.audit.flows.record import record
from tongban.challenge import limits
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.kernel.uscc import Uscc
from tongban.mandates import events, parties, queries
from tongban.mandates.errors import AlreadyHeld, AlreadyWaiting
from tongban.mandates.flows import tell
from tongban.mandates.models import Mandate
from tongban.mandates.rules import Origin


def request(*, actor: Account, uscc: Uscc, services: Collection[str], origin: Origin = Origin.REQUESTED) -> UUID:
    """Ask the unit with this code, through whichever account is verified for it, and return the id of the request.

    `origin` may be `Origin.TRANSFER` where an account that was carried over is why. The answer is the same whether
    anybody is verified for the unit. Raises `HolderNotVerified`, `ServiceNotOffered`, `AlreadyHeld`, `AlreadyWaiting`,
    `TooManyRequests`. Call it outside of any transaction.
    """
    parties.must_be_verified(actor)
    slugs = parties.offered(services)
    if queries.standing().filter(holder=actor, uscc=uscc.value, service__in=slugs).exists():
        raise AlreadyHeld
    pairs = limits.limits("mandates/person", settings.MANDATE_REQUESTS_PER_PERSON)
    limits.consume_all((limit, str(actor.id)) for limit in pairs)
    now, bundle = clock.now(), new_id()
    rows = [
        Mandate(
            bundle=bundle,
            service=slug,
            uscc=uscc.value,
            holder=actor,
            origin=origin,
            opened_at=now,
            holder_agreed_at=now,
            told_at=now,
            answer_by=now + timedelta(days=settings.MANDATE_ANSWER_DAYS),
        )
        for slug in slugs
    ]
    try:
        with transaction.atomic():
            for row in rows:
                row.save(force_insert=True)
            facts = {"unit": uscc.value, "services": " ".join(slugs), "origin": origin.value}
            record(events.REQUESTED, actor=parties.actor_of(actor), subject=bundle, facts=facts)
            tell.asked_unit(rows)
    except IntegrityError as error:
        raise AlreadyWaiting from error
    return bundle
