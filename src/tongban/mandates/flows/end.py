"""Either side ends a mandate, at any time and without giving a reason."""

from uuid import UUID

from django.db import transaction

from tongban.accounts.models import Account
from tongban.mandates import parties
from tongban.mandates.errors import NotLive
from tongban.mandates.flows import tell
from tongban.mandates.flows.close import close
from tongban.mandates.models import BEGUN, Mandate
from tongban.mandates.rules import EndReason


def end(*, actor: Account, mandate_id: UUID) -> Mandate:
    """End the mandate, which `actor` gave or holds; what hangs on it ends with it. Raises `NotLive`.

    Unlike giving, ending does not wait after a recovery: who got their account back may first have to shut others out.
    """
    row = Mandate.objects.filter(BEGUN, id=mandate_id).select_related("unit", "holder").first()
    if row is None or actor.id not in {row.unit_id, row.holder_id}:
        raise NotLive
    by_unit = actor.id == row.unit_id
    reason = EndReason.BY_UNIT if by_unit else EndReason.BY_HOLDER
    with transaction.atomic():
        if not close(actor=parties.actor_of(actor), rows=[row], reason=reason, by=actor):
            raise NotLive
        if by_unit:
            tell.holder([row], "mandate_ended_by_unit")
        else:
            tell.unit([row], "mandate_ended_by_holder")
    return row
