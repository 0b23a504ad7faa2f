"""Search for what became of a person's account, by a phone that they prove to be theirs."""

from django.db import transaction

from tongban.audit.actors import Actor
from tongban.challenge.errors import CodeRejected, TooManyRequests
from tongban.challenge.flows.check_code import CheckedCode, check_code
from tongban.challenge.flows.spend_code import spend_code
from tongban.challenge.rules import CodePurpose
from tongban.kernel.mobile import Mobile
from tongban.transfer import queries
from tongban.transfer.answers import NotBroughtOver
from tongban.transfer.rules import Kind
from tongban.transfer.searching import Finding, count_network, count_proof, finding, write_down, write_refusal


def search_person(*, actor: Actor, phone: Mobile, code: str, searcher: str, network: str) -> Finding:
    """Return what became of the legacy account with `phone`; raises `CodeRejected`, `TooManyRequests`.

    Nothing is looked up before the code was right, so a wrong one tells nothing, not even by time. Call it outside of
    any transaction: tries count.
    """
    try:
        count_network(actor, network)
        browser = browser_of(actor, searcher)
        checked = check_code(actor=actor, purpose=CodePurpose.SEARCH, phone=phone, browser=browser, code=code)
        return _look(actor, phone, checked, network)
    except (CodeRejected, TooManyRequests) as error:
        write_refusal(actor, Kind.PERSON, error)
        raise


def browser_of(actor: Actor, searcher: str) -> str:
    """Return the browser a code is bound to: two clients may give their visitors the same names."""
    return f"{actor.id}|{searcher}"


def _look(actor: Actor, phone: Mobile, checked: CheckedCode, network: str) -> Finding:
    with transaction.atomic():
        count_proof(phone, network)
        spend_code(actor=actor, checked=checked)
        found = finding(queries.find_person(phone), NotBroughtOver.P0)
        write_down(actor, Kind.PERSON, found)
    return found
