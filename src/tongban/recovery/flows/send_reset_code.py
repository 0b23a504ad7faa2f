"""Send the code for a new password, if everything that was said about the account is true."""

from tongban.audit.actors import Actor
from tongban.challenge import limits
from tongban.challenge.errors import TooManyRequests
from tongban.challenge.flows.issue_code import IssuedCode, issue_code
from tongban.challenge.rules import CodePurpose
from tongban.kernel import clock
from tongban.recovery import queries
from tongban.recovery.counting import per_account
from tongban.recovery.queries import Claim


def send_reset_code(*, actor: Actor, claim: Claim, browser: str, network: str) -> IssuedCode:
    """Issue a code to the claimed phone; it is delivered only when the claim is true, and answered the same if not.

    Raises `TooManyRequests`. Call it outside of any transaction.
    """
    pairs = per_account(claim)
    free_at = limits.free_at(pairs)
    if free_at > clock.now():
        raise TooManyRequests(limit="recovery/account", retry_at=free_at)
    issued = issue_code(
        actor=actor,
        purpose=CodePurpose.RESET_PASSWORD,
        phone=claim.phone,
        browser=browser,
        network=network,
        deliver=queries.claimed(claim) is not None,
    )
    limits.consume_all(pairs)
    return issued
