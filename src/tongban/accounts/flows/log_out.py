"""退出登录."""

from uuid import UUID

from django.db import transaction

from tongban.accounts import events
from tongban.accounts.events_out import SessionsEnded
from tongban.accounts.models import Session
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel.events import publish


def log_out(*, actor: Actor, account_id: UUID, session_id: UUID) -> None:
    """End the session of the account that the person is using."""
    with transaction.atomic():
        Session.objects.filter(id=session_id, account_id=account_id).delete()
        record(events.LOGGED_OUT, actor=actor, subject=account_id)
        publish(SessionsEnded(account_id, (session_id,)))
