"""Tell people of offers made to them: the worker does it, so that making an offer costs the same for everybody."""

from uuid import UUID

from django.db import transaction

from tongban.kernel import clock
from tongban.kernel.names import PersonName
from tongban.mandates import queries
from tongban.mandates.flows import tell
from tongban.mandates.models import OFFER, Mandate
from tongban.vault.purposes import Purpose

_BATCH = 50


def tell_offers() -> int:
    """Tell whom a batch of fresh offers is addressed to, where there is somebody; returns how many were looked at.

    Whoever is verified only later is not told, and finds the offer under 我的授权 all the same. A job.
    """
    waiting = Mandate.objects.filter(OFFER, told_at__isnull=True).order_by("opened_at")
    bundles = dict.fromkeys(waiting.values_list("bundle", flat=True)[:_BATCH])
    for bundle in bundles:
        with transaction.atomic():
            _tell(bundle)
    return len(bundles)


def _tell(bundle: UUID) -> None:
    fresh = Mandate.objects.filter(OFFER, bundle=bundle, told_at__isnull=True).order_by("service")
    rows = list(fresh.select_for_update(of=("self",)))
    fresh.order_by().update(told_at=clock.now())
    if not rows or rows[0].name is None or rows[0].contact is None:
        return
    name = PersonName.parse(rows[0].name.reveal(Purpose.MATCH))
    account = queries.addressee(name, rows[0].contact.reveal(Purpose.MATCH))
    if account is not None:
        tell.offered_to(account, rows)
