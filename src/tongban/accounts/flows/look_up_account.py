"""An operator looks up an account: every look is in the audit trail, whatever it finds."""

from uuid import UUID

from django.db import transaction

from tongban.accounts import events, finders
from tongban.accounts.errors import RoleNeeded
from tongban.accounts.models import Account
from tongban.accounts.permits import actor
from tongban.accounts.rules import Role
from tongban.audit.flows.record import record


def find_account(*, operator: Account, by: str, value: str) -> UUID | None:
    """Return who is found by `value` in the way called `by` (`finders`); raises `RoleNeeded`."""
    if Role.OPERATOR not in operator.roles:
        raise RoleNeeded
    found = finders.find(by, value)
    with transaction.atomic():
        record(events.ACCOUNT_LOOKED_UP, actor=actor(operator), subject=found, facts={"by": by})
    return found


def open_account_page(*, operator: Account, account: Account) -> None:
    """Note that the operator reads what is known of the account; raises `RoleNeeded`."""
    if Role.OPERATOR not in operator.roles:
        raise RoleNeeded
    with transaction.atomic():
        record(events.ACCOUNT_LOOKED_UP, actor=actor(operator), subject=account.id, facts={"by": "page"})
