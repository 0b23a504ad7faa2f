"""阻止申诉生效: whoever holds the old phone or the account objects; a senior reviewer looks again, once."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.recovery import events, queries
from tongban.recovery.errors import LinkDead
from tongban.review import queries as review
from tongban.review.errors import CaseMoved
from tongban.review.flows.reopen_case import return_to_senior


def stop_handover(*, actor: Actor, token: str) -> None:
    """Stop the handover and give its case to a senior reviewer.

    Raises `LinkDead`: also when a senior reviewer has looked again already, because the old phone may be a thief's.
    """
    handover = queries.stoppable(token)
    with transaction.atomic():
        review.case_to_change(handover.case_id)
        if not queries.live_handovers().filter(id=handover.id).update(stopped_at=clock.now()):
            raise LinkDead("recovery.link_spent")
        try:
            return_to_senior(
                actor=actor,
                case_id=handover.case_id,
                why=_("账号原手机或者账号消息的持有人阻止了申诉生效，请重新核实谁是账号的主人。"),
            )
        except CaseMoved:
            raise LinkDead("recovery.link_reviewed") from None
        record(events.HANDOVER_STOPPED, actor=actor, subject=handover.account_id, facts={"case": str(handover.case_id)})
