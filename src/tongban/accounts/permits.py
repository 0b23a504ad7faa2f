"""Who may operate. Doors ask for the role; the flows ask again here, because not every caller is a page."""

from tongban.accounts.errors import OwnAccount, RoleNeeded
from tongban.accounts.models import Account
from tongban.accounts.rules import Role
from tongban.audit.actors import Actor


def must_operate(operator: Account, on: Account) -> None:
    """Raise `RoleNeeded` unless the person is an operator, `OwnAccount` when it would be their own account."""
    if Role.OPERATOR not in operator.roles:
        raise RoleNeeded
    if operator.id == on.id:
        raise OwnAccount


def actor(person: Account) -> Actor:
    """Return the person as the audit trail names them."""
    return Actor.account(person.realm, person.id)
