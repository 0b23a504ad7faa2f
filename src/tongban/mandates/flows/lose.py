"""Somebody is not verified any more as who they were: what hung on it ends."""

from collections.abc import Iterable
from itertools import groupby

from tongban.accounts.events_out import IdentityBound, IdentityReleased
from tongban.accounts.queries import is_same_person_as_before, live_binding
from tongban.accounts.rules import IdentityKind
from tongban.audit.actors import Actor
from tongban.mandates.flows import tell
from tongban.mandates.flows.close import close
from tongban.mandates.models import LIVE, Mandate
from tongban.mandates.rules import EndReason


def after_release(event: IdentityReleased) -> None:
    """A unit that is not verified gives nothing, a person who is not verified holds nothing."""
    if event.kind is IdentityKind.UNIT:
        _end(Mandate.objects.filter(LIVE, unit=event.account_id), EndReason.UNIT_LOST)
    else:
        _end(Mandate.objects.filter(LIVE, holder=event.account_id), EndReason.HOLDER_LOST)


def after_binding(event: IdentityBound) -> None:
    """An account that stands for another unit, or another person, than before keeps nothing of theirs."""
    binding = live_binding(event.account_id, event.kind)
    if binding is None:
        return
    if event.kind is IdentityKind.UNIT:
        given = Mandate.objects.filter(LIVE, unit=event.account_id)
        _end(given.exclude(uscc=binding.uscc), EndReason.UNIT_LOST)
    elif not is_same_person_as_before(event.account_id):
        held = Mandate.objects.filter(LIVE, holder=event.account_id)
        # What another room grants the new person in this very transaction is theirs.
        _end(held.filter(holder_agreed_at__lt=binding.bound_at), EndReason.HOLDER_LOST)


def _end(found: Iterable[Mandate], reason: EndReason) -> None:
    rows = Mandate.objects.filter(id__in=[row.id for row in found]).select_related("unit", "holder")
    for _bundle, group in groupby(rows.order_by("bundle", "service"), key=lambda row: row.bundle):
        ended = close(actor=Actor.system(), rows=list(group), reason=reason)
        if ended:
            tell.holder(ended, "mandate_lost")
            tell.unit(ended, "mandate_lost_unit")
