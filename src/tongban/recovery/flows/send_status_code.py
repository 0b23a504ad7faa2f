"""申诉进度查询: send the code that shows a case, if number and phone belong together."""

from tongban.audit.actors import Actor
from tongban.challenge.flows.issue_code import IssuedCode, issue_code
from tongban.challenge.rules import CodePurpose
from tongban.kernel.mobile import Mobile
from tongban.recovery import queries


def send_status_code(*, actor: Actor, number: str, phone: Mobile, browser: str, network: str) -> IssuedCode:
    """Issue a code to `phone`; it is delivered only to the phone of the case, and answered the same if not.

    Raises `TooManyRequests`. Call it outside of any transaction.
    """
    return issue_code(
        actor=actor,
        purpose=CodePurpose.APPEAL_STATUS,
        phone=phone,
        browser=browser,
        network=network,
        deliver=queries.appeal_case(number, phone) is not None,
    )
