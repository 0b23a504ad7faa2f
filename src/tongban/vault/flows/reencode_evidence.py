"""Draw received pictures anew, so that what people look at was written by us; the worker's job."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.vault import blobs, events, pictures
from tongban.vault.errors import EvidenceRefused, VaultError
from tongban.vault.models import EvidenceFile
from tongban.vault.refusals import Refusal
from tongban.vault.rules import EvidenceState

log = logging.getLogger("tongban.vault.evidence")
_BATCH = 5
_LEASE = timedelta(minutes=2)
_MOST_TRIES = 3
"""A picture that has killed that many workers is given up."""


def reencode_due() -> int:
    """Handle the pictures that wait, oldest first; return how many were handled."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=clock.now())
    waiting = EvidenceFile.objects.filter(free, state=EvidenceState.RECEIVED).order_by("received_at")
    ids = list(waiting.values_list("id", flat=True)[:_BATCH])
    return sum(reencode_evidence(file_id=file_id) for file_id in ids)


def reencode_evidence(*, file_id: UUID) -> bool:
    """Draw one received picture anew; return whether this caller did. The file becomes ready, or refused."""
    file = _lease(file_id)
    if file is None:
        return False
    if file.tries > _MOST_TRIES:
        _refuse(file, Refusal.DAMAGED)
        return True
    try:
        picture = pictures.drawn_anew(blobs.read(file.blob, file_id=file.id))
    except EvidenceRefused as error:
        _refuse(file, error.refusal)
    except (FileNotFoundError, VaultError) as error:
        log.error("evidence file %s cannot be read: %s", file.id, type(error).__name__)
        _refuse(file, Refusal.DAMAGED)
    else:
        _replace(file, picture)
    # Sealed anew under a new key meanwhile, nothing was done: the next worker need not wait for the lease to end.
    waiting = EvidenceFile.objects.filter(pk=file.pk, state=EvidenceState.RECEIVED)
    waiting.exclude(blob=file.blob).update(leased_until=None, tries=file.tries - 1)
    return True


def _lease(file_id: UUID) -> EvidenceFile | None:
    now = clock.now()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    row = EvidenceFile.objects.filter(free, pk=file_id, state=EvidenceState.RECEIVED)
    if not row.update(leased_until=now + _LEASE, tries=F("tries") + 1):
        return None
    return EvidenceFile.objects.filter(pk=file_id, state=EvidenceState.RECEIVED).first()


def _replace(file: EvidenceFile, picture: pictures.Picture) -> None:
    """Put the new content in place of the one that was uploaded; a file that was deleted meanwhile stays deleted."""
    with blobs.written(picture.content, file_id=file.id) as (blob, key), transaction.atomic():
        replaced = _still(file).update(
            state=EvidenceState.READY,
            media_type=picture.media_type,
            size=len(picture.content),
            width=picture.width,
            height=picture.height,
            blob=blob,
            key=key,
            leased_until=None,
        )
        if replaced:
            record(events.EVIDENCE_READY, actor=Actor.system(), subject=file.id, facts={"slot": file.slot})
        transaction.on_commit(lambda: blobs.remove(file.blob if replaced else blob))


def _refuse(file: EvidenceFile, refusal: Refusal) -> None:
    with transaction.atomic():
        refused = {"state": EvidenceState.REFUSED, "refused_code": refusal.value, "blob": "", "key": ""}
        if _still(file).update(**refused, leased_until=None):
            transaction.on_commit(lambda: blobs.remove(file.blob))
            facts = {"slot": file.slot, "refusal": refusal.value}
            record(events.EVIDENCE_REFUSED, actor=Actor.system(), subject=file.id, facts=facts)


def _still(file: EvidenceFile) -> QuerySet[EvidenceFile]:
    return EvidenceFile.objects.filter(pk=file.pk, state=EvidenceState.RECEIVED, blob=file.blob)
