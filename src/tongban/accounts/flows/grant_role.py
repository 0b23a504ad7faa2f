"""Give a member of staff a role, and end it. The command line does this; no page can."""

from django.db import IntegrityError, transaction

from tongban.accounts import events
from tongban.accounts.flows.end_sessions import EndReason, end_sessions
from tongban.accounts.models import Account, StaffRole
from tongban.accounts.rules import Realm, Role
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock


def grant_role(*, actor: Actor, account: Account, role: Role) -> None:
    """Let the account do what `role` may do; to have it already changes nothing. Raises `ValueError` outside staff."""
    if account.realm != Realm.STAFF:
        raise ValueError(account.realm)
    with transaction.atomic():
        try:
            with transaction.atomic():
                StaffRole.objects.create(account=account, role=role)
        except IntegrityError:
            return
        record(events.ROLE_GRANTED, actor=actor, subject=account.id, facts={"role": role.value})


def end_role(*, actor: Actor, account: Account, role: Role) -> bool:
    """Take the role away, end the sessions that had it, and return whether there was one to take."""
    with transaction.atomic():
        live = StaffRole.objects.filter(account=account, role=role, ended_at__isnull=True)
        if not live.update(ended_at=clock.now()):
            return False
        record(events.ROLE_ENDED, actor=actor, subject=account.id, facts={"role": role.value})
        end_sessions(actor=actor, account_id=account.id, reason=EndReason.OPERATOR)
    return True
