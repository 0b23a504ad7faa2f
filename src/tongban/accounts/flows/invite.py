"""Make a one-time link for a member of staff. Part of other acts: opening the account, replacing a lost credential."""

import secrets
from datetime import timedelta

from django.conf import settings

from tongban.accounts import events, queries
from tongban.accounts.models import Account, Invitation
from tongban.accounts.rules import InvitationKind
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock


def invite(*, actor: Actor, account: Account, kind: InvitationKind) -> str:
    """Return the token of a new link, in the caller's transaction; the link before it works no more."""
    now = clock.now()
    token = secrets.token_urlsafe(32)
    live = Invitation.objects.filter(account=account, used_at__isnull=True, replaced_at__isnull=True)
    live.update(replaced_at=now)
    Invitation.objects.create(
        account=account,
        kind=kind,
        token_digest=queries.token_digest(token),
        issued_at=now,
        expires_at=now + timedelta(hours=settings.STAFF_INVITATION_HOURS),
    )
    record(events.STAFF_INVITED, actor=actor, subject=account.id, facts={"kind": kind.value})
    return token
