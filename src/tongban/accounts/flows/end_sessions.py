"""End sessions of an account from elsewhere: its owner does, or a changed credential, or an operator."""

from enum import StrEnum
from uuid import UUID

from django.db import transaction

from tongban.accounts import events
from tongban.accounts.events_out import SessionsEnded
from tongban.accounts.models import Session
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel.events import publish


class EndReason(StrEnum):
    """Why sessions end before their time."""

    OWNER = "owner"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a reason
    PHONE_CHANGED = "phone_changed"
    RECOVERED = "recovered"
    OPERATOR = "operator"
    SUSPENDED = "suspended"
    NOT_ME = "not_me"


def end_sessions(
    *, actor: Actor, account_id: UUID, reason: EndReason, keep: UUID | None = None, only: UUID | None = None
) -> int:
    """End all sessions of the account, or all but `keep`, or `only` one, and return how many there were."""
    with transaction.atomic():
        sessions = Session.objects.filter(account_id=account_id)
        if keep is not None:
            sessions = sessions.exclude(id=keep)
        if only is not None:
            sessions = sessions.filter(id=only)
        ended = tuple(sessions.values_list("id", flat=True))
        Session.objects.filter(id__in=ended).delete()
        if ended:
            facts = {"reason": reason.value, "sessions": len(ended)}
            record(events.SESSIONS_ENDED, actor=actor, subject=account_id, facts=facts)
            publish(SessionsEnded(account_id, ended))
    return len(ended)
