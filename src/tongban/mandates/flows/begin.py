"""Let mandates take effect: the part that accepting, approving and granting have in common."""

from collections.abc import Sequence
from uuid import UUID

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.mandates import events
from tongban.mandates.flows.close import close
from tongban.mandates.models import LIVE, Mandate
from tongban.mandates.rules import EndReason


def one_at_a_time(holder_id: UUID) -> None:
    """Let everybody else wait who is about to give this person a right: until the caller's transaction ends."""
    Account.objects.select_for_update().filter(id=holder_id).first()


def make_room(*, actor: Actor, holder: Account, uscc: str, services: Sequence[str], but: UUID | None = None) -> None:
    """End what a new mandate replaces: the person's older ones for the unit and services, and their open requests."""
    older = Mandate.objects.filter(LIVE, holder=holder, uscc=uscc, service__in=services)
    close(actor=actor, rows=older.exclude(bundle=but) if but else older, reason=EndReason.REPLACED)


def note_begun(*, actor: Actor, rows: Sequence[Mandate], how: str) -> None:
    """Write down that the mandates of one act took effect; `how`: accepted, approved, or the rule's name."""
    first = rows[0]
    facts = {"unit": first.uscc, "services": " ".join(row.service for row in rows), "how": how}
    record(events.BEGUN, actor=actor, subject=first.bundle, facts=facts)
