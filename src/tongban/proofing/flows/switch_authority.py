"""Switch the embedded register off or on, for rehearsals and demonstrations; production never calls this.

While it is off every question is answered UNAVAILABLE. A row whose `answer` is "unavailable" answers UNAVAILABLE while
the register is on as well, until the register is switched on *after* somebody asked for that row: then it becomes an
ordinary row ("match"), and who waits for it is verified within seconds. A row nobody asked for yet stays "unavailable".
"""

from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.proofing import events
from tongban.proofing.flows.hurry_waiting import hurry_waiting
from tongban.proofing.models import AuthoritySwitch, RegisterPerson, RegisterUnit
from tongban.proofing.rules import Answer


def switch_authority(*, actor: Actor, available: bool) -> int:
    """Switch the register and return how many waiting verifications are asked again at once (0 when switched off)."""
    with transaction.atomic():
        AuthoritySwitch.objects.create(available=available, switched_at=clock.now())
        record(events.AUTHORITY_SWITCHED, actor=actor, facts={"available": available})
        if not available:
            return 0
        for table in (RegisterPerson, RegisterUnit):
            held = table.objects.filter(answer=Answer.UNAVAILABLE, held_since__isnull=False)
            held.update(answer=Answer.MATCH, held_since=None)
        return hurry_waiting()
