"""Object to the suspension of an account: reviewers look at it again, not the operator who suspended it."""

from django.db import transaction

from tongban.accounts import queries as accounts
from tongban.accounts.models import Suspension
from tongban.audit.actors import Actor
from tongban.recovery.objections import NAME, key_of
from tongban.review.flows.open_case import open_case
from tongban.review.models import Case, Relation
from tongban.vault.purposes import Purpose


def object_to_suspension(*, actor: Actor, suspension: Suspension, reason: str) -> Case:
    """Open the one case there is for a suspension, or return it.

    Staff have no phone and come back to read the answer. Who suspended the account is related to the case.
    """
    account = suspension.account
    data = {
        "login_name": account.login_name,
        "suspended_for": suspension.reason.reveal(Purpose.REVIEW),
        "reason": reason,
    }
    with transaction.atomic():
        case = open_case(
            actor=actor,
            kind=NAME,
            account_id=account.id,
            subjects={"account": str(account.id)},
            data=data,
            contact_phone=accounts.phone_of(account, Purpose.DELIVER_MESSAGE),
            key=key_of(suspension),
        )
        if suspension.by:
            Relation.objects.get_or_create(case=case, reviewer=suspension.by)
    return case
