"""Object to the suspension of an account: reviewers look at it again, not the operator who suspended it."""

from tongban.accounts import queries as accounts
from tongban.accounts.models import Suspension
from tongban.audit.actors import Actor
from tongban.recovery.objections import NAME, key_of
from tongban.review.flows.open_case import open_case
from tongban.review.models import Case
from tongban.vault.purposes import Purpose


def object_to_suspension(*, actor: Actor, suspension: Suspension, reason: str) -> Case | None:
    """Open the one case there is for a suspension, or return it; `None` for an account without a phone (staff)."""
    account = suspension.account
    phone = accounts.phone_of(account, Purpose.DELIVER_MESSAGE)
    if phone is None:
        return None
    data = {
        "login_name": account.login_name,
        "suspended_for": suspension.reason.reveal(Purpose.REVIEW),
        "reason": reason,
    }
    return open_case(
        actor=actor,
        kind=NAME,
        account_id=account.id,
        subjects={"account": str(account.id)},
        data=data,
        contact_phone=phone,
        key=key_of(suspension),
    )
