"""End the case about entries that are replaced by new ones."""

from contextlib import suppress

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.proofing import queries
from tongban.review.errors import CaseMoved
from tongban.review.flows.cancel_case import cancel_case
from tongban.review.rules import CancelReason


def cancel_review(*, account: Account) -> None:
    """Cancel the case that waits for a decision about what `account` entered last, in the caller's transaction."""
    review = queries.status(account).review
    if review is not None and review.is_live:
        actor = Actor.account(account.realm, account.pk)
        with suppress(CaseMoved):  # decided a moment ago
            cancel_case(actor=actor, case_id=review.case_id, why=CancelReason.REPLACED)
