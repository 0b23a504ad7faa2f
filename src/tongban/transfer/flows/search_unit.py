"""Search for what became of a unit's account."""

from django.db import transaction

from tongban.accounts.queries import unit_is_known
from tongban.audit.actors import Actor
from tongban.challenge.errors import TooManyRequests
from tongban.kernel.uscc import Uscc
from tongban.transfer import queries
from tongban.transfer.answers import NotBroughtOver
from tongban.transfer.rules import Kind
from tongban.transfer.searching import Finding, count_network, finding, write_down, write_refusal


def search_unit(*, actor: Actor, uscc: Uscc, network: str) -> Finding:
    """Return what became of the unit's legacy account; raises `TooManyRequests`.

    `actor` is the client that asks, `network` where the person calls from who asks it. The same statements run
    whatever is found.
    """
    try:
        with transaction.atomic():
            count_network(actor, network)
            known = unit_is_known(uscc)
            found = finding(queries.find_unit(uscc), NotBroughtOver.E0B if known else NotBroughtOver.E0A)
            write_down(actor, Kind.UNIT, found)
    except TooManyRequests as error:
        write_refusal(actor, Kind.UNIT, error)
        raise
    return found
