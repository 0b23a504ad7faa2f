"""Look at a file of the evidence store. Every look is on record."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.vault import blobs, events
from tongban.vault.errors import EvidenceUnknown, EvidenceWaiting
from tongban.vault.models import EvidenceFile
from tongban.vault.purposes import Purpose
from tongban.vault.rules import EvidenceState

_LOOKS = 3


@dataclass(frozen=True, slots=True)
class EvidenceContent:
    """What is in a file: a picture we wrote ourselves."""

    content: bytes = field(repr=False)
    media_type: str


def open_evidence(*, actor: Actor, file_id: UUID, purpose: Purpose) -> EvidenceContent:
    """Return the content of a file that is ready. Whether `actor` may see it is the caller's to know.

    Raises `EvidenceUnknown` when there is no such file or nothing is left of it, `EvidenceWaiting` before a worker has
    drawn it anew, and `Tampered` or `KeyUnknown` when the stored bytes cannot be trusted.
    """
    file, content = _read(file_id)
    facts = {"slot": file.slot, "purpose": purpose.value, "case": str(file.frozen_for or "")}
    with transaction.atomic():
        record(events.EVIDENCE_OPENED, actor=actor, subject=file.id, facts=facts)
    return EvidenceContent(content, file.media_type)


def _read(file_id: UUID) -> tuple[EvidenceFile, bytes]:
    for _ in range(_LOOKS):
        file = EvidenceFile.objects.filter(pk=file_id).first()
        if file is None or file.state in {EvidenceState.REFUSED, EvidenceState.ERASED}:
            raise EvidenceUnknown
        if file.state == EvidenceState.RECEIVED:
            raise EvidenceWaiting
        try:
            return file, blobs.read(file.blob, file_id=file.id)
        except FileNotFoundError:  # erased, or sealed anew, since the row was read
            continue
    raise EvidenceUnknown
