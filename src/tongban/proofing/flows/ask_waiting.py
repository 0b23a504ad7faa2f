"""The worker's part: ask the authority for every verification that waits, until it is answered."""

from uuid import UUID

from tongban.kernel import clock
from tongban.proofing.flows.ask_authority import ask_authority, lease
from tongban.proofing.models import Verification

BATCH = 20


def ask_waiting() -> int:
    """Ask for up to `BATCH` due verifications and return how many were asked.

    The batch ends at the first one that stays without an answer, so that an authority that is away does not keep the
    worker from its other jobs for longer than one deadline.
    """
    due = Verification.objects.filter(decided_at__isnull=True, next_ask_at__lte=clock.now())
    asked = 0
    for waiting in due.order_by("next_ask_at").values_list("pk", flat=True)[:BATCH]:
        if not _take(waiting):
            continue
        asked += 1
        if ask_authority(verification_id=waiting).decided_at is None:
            break
    return asked


def _take(verification_id: UUID) -> bool:
    """Move the next moment of asking forward, as the only one to do so."""
    now = clock.now()
    due = Verification.objects.filter(pk=verification_id, decided_at__isnull=True, next_ask_at__lte=now)
    return due.update(next_ask_at=now + lease()) == 1
