"""The vault's evidence store, as this room uses it (`evidence.Store`)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tongban.audit.actors import Actor
from tongban.review.evidence import File
from tongban.vault import queries
from tongban.vault.flows.erase_evidence import set_erase_after
from tongban.vault.flows.freeze_evidence import freeze_evidence
from tongban.vault.flows.open_evidence import EvidenceContent, open_evidence
from tongban.vault.purposes import Purpose
from tongban.vault.rules import EvidenceState


class EvidenceStore:
    """The files of cases."""

    def freeze(self, *, files: Sequence[UUID], case_id: UUID) -> None:
        """Keep the files unchanged for the case; raises `EvidenceUnknown`."""
        freeze_evidence(actor=Actor.system(), files=files, case_id=case_id)

    def files(self, case_id: UUID) -> Sequence[File]:
        """Return the files frozen for the case, oldest first."""
        ready = EvidenceState.READY
        return [File(file.id, file.slot, file.state == ready) for file in queries.evidence_of_case(case_id)]

    def open(self, *, actor: Actor, file_id: UUID) -> EvidenceContent:
        """Return what is in a file, for review; raises as `open_evidence` does."""
        return open_evidence(actor=actor, file_id=file_id, purpose=Purpose.REVIEW)

    def erase_after(self, case_id: UUID, when: datetime | None) -> None:
        """Let the files be erased some time after `when`, when the case ended; None: keep them."""
        set_erase_after(case_id=case_id, ended_at=when)
