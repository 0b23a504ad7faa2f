"""Send the code with which a person proves that the phone they search by is theirs."""

from tongban.audit.actors import Actor
from tongban.challenge.flows.issue_code import IssuedCode, issue_code
from tongban.challenge.rules import CodePurpose
from tongban.kernel.mobile import Mobile
from tongban.transfer.flows.search_person import browser_of


def send_search_code(*, actor: Actor, phone: Mobile, searcher: str, network: str) -> IssuedCode:
    """Send a code to `phone`, whoever's it is; raises `TooManyRequests`.

    `searcher` is the client's name for the person's browser, to which the code is bound.
    """
    browser = browser_of(actor, searcher)
    return issue_code(actor=actor, purpose=CodePurpose.SEARCH, phone=phone, browser=browser, network=network)
