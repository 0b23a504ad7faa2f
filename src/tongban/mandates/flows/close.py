"""End mandates, offers and requests, whatever the reason: the part that all ends have in common."""

from collections.abc import Iterable

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.kernel.events import publish
from tongban.mandates import events
from tongban.mandates.events_out import MandateEnded
from tongban.mandates.models import Mandate
from tongban.mandates.rules import EndReason


def close(*, actor: Actor, rows: Iterable[Mandate], reason: EndReason, by: Account | None = None) -> list[Mandate]:
    """End those of `rows` that are live, in the caller's transaction, and return them. Publishes `MandateEnded`.

    Whoever ends a row a moment earlier leaves nothing to end here. Nobody is told yet: that depends on the act.
    """
    now = clock.now()
    ended = []
    for row in rows:
        live = Mandate.objects.filter(id=row.id, ended_at__isnull=True)
        if live.update(ended_at=now, ended_reason=reason, ended_by=by):
            row.ended_at, row.ended_reason = now, reason
            ended.append(row)
            facts = {"service": row.service, "unit": row.uscc, "reason": reason.value}
            record(events.ENDED, actor=actor, subject=row.id, facts=facts)
            publish(MandateEnded(row.id))
    return ended
