"""A rule of the transfer gives mandates by itself, once: the unit is told and may end them."""

from collections.abc import Collection

from django.db import IntegrityError, transaction

from tongban.accounts.models import Account
from tongban.accounts.queries import holder_of_unit
from tongban.audit.actors import Actor
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.kernel.uscc import Uscc
from tongban.mandates import parties
from tongban.mandates.errors import AlreadyGranted, UnitNotVerified
from tongban.mandates.flows import tell
from tongban.mandates.flows.begin import make_room, note_begun, one_at_a_time
from tongban.mandates.models import Mandate
from tongban.mandates.rules import Origin, last_moment


def grant(
    *, actor: Actor, holder: Account, uscc: Uscc, services: Collection[str], days: int, rule: str
) -> list[Mandate]:
    """Let the verified person `holder` act for the unit verified for `uscc` in `services` (codes of the catalogue).

    `rule` names why (at most 32 characters): it gives each mandate for a unit once, to whoever comes first, and never
    again after it ended. May be called inside a transaction. Raises `HolderNotVerified`, `UnitNotVerified`,
    `ServiceNotOffered`, `TermRefused`, `AlreadyGranted`.
    """
    slugs = parties.offered(services)
    now = clock.now()
    until = last_moment(now, days=days, longest=parties.longest_term())
    bundle = new_id()
    try:
        with transaction.atomic():
            one_at_a_time(holder.id)
            parties.must_be_verified(holder)
            unit = holder_of_unit(uscc)
            if unit is None:
                raise UnitNotVerified
            make_room(actor=actor, holder=holder, uscc=uscc.value, services=slugs)
            rows = [
                Mandate(
                    bundle=bundle,
                    service=slug,
                    uscc=uscc.value,
                    unit=unit.account,
                    holder=holder,
                    origin=Origin.TRANSFER,
                    rule=rule,
                    opened_at=now,
                    unit_agreed_at=now,
                    holder_agreed_at=now,
                    told_at=now,
                    until=until,
                    answer_by=now,
                )
                for slug in slugs
            ]
            for row in rows:
                row.save(force_insert=True)
            note_begun(actor=actor, rows=rows, how=rule)
            tell.unit(rows, "mandate_granted_unit")
            tell.holder(rows, "mandate_granted")
    except IntegrityError as error:
        raise AlreadyGranted from error
    return rows
