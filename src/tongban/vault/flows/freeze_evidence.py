"""Give files of the evidence store to a case, for good."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.vault import events
from tongban.vault.errors import EvidenceUnknown
from tongban.vault.models import EvidenceFile
from tongban.vault.rules import USABLE


def freeze_evidence(*, actor: Actor, files: Sequence[UUID], case_id: UUID, holder: str | None = None) -> None:
    """Freeze `files` for the case `case_id`: nobody can replace or delete them any more.

    Files the case has already stay as they are. Whose they must be says `holder`; who passes none has checked it.
    Raises `EvidenceUnknown`, and freezes none, when one of them is not there, not theirs, refused or another case's.
    """
    wanted = set(files)
    own = Q() if holder is None else Q(holder=holder)
    with transaction.atomic():
        fresh = EvidenceFile.objects.filter(own, id__in=wanted, state__in=USABLE, frozen_for__isnull=True)
        newly = fresh.update(frozen_for=case_id)
        if EvidenceFile.objects.filter(own, id__in=wanted, state__in=USABLE, frozen_for=case_id).count() < len(wanted):
            raise EvidenceUnknown
        if newly:
            facts: dict[str, str | int] = {"case": str(case_id), "files": newly}
            record(events.EVIDENCE_FROZEN, actor=actor, subject=case_id, facts=facts)
