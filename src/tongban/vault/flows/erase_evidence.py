"""Erase contents of the evidence store: what its holder deletes, what nobody submitted, what was kept long enough."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.vault import blobs, events
from tongban.vault.models import EvidenceFile, EvidenceHolder
from tongban.vault.rules import Erasure, EvidenceState

_BATCH = 200
_ORPHAN = timedelta(hours=1)
"""After how long a blob that no row names belongs to no transaction in hand."""
_FORGET = timedelta(days=2)
"""How long the row of an erased file that no case needed goes on counting for the limits."""


def delete_evidence(*, actor: Actor, holder: str, slot: str) -> None:
    """Delete what `holder` shows in `slot`, unless a case has it; an empty slot stays empty."""
    with transaction.atomic():
        standing = EvidenceFile.objects.filter(
            holder=holder, slot=slot, frozen_for__isnull=True, erased_at__isnull=True
        )
        for file in standing:
            erase_content(file, actor=actor, why=Erasure.DELETED)


def erase_content(file: EvidenceFile, *, actor: Actor, why: Erasure) -> bool:
    """Erase the content of `file`, in the caller's transaction; return whether there was something left to erase.

    The row stays, and says that there was a file. The blob goes once the transaction is committed.
    """
    same = EvidenceFile.objects.filter(pk=file.pk, frozen_for=file.frozen_for, blob=file.blob, erased_at__isnull=True)
    erased = {"state": EvidenceState.ERASED, "blob": "", "key": "", "erased_at": clock.now()}
    if not same.update(**erased):
        return False
    if file.blob:
        blob = file.blob
        transaction.on_commit(lambda: blobs.remove(blob))
    record(events.EVIDENCE_ERASED, actor=actor, subject=file.pk, facts={"slot": file.slot, "why": why.value})
    return True


def set_erase_after(*, case_id: UUID, ended_at: datetime | None) -> None:
    """Let the files of a case be erased EVIDENCE_RETENTION_DAYS after it ended; None: the case goes on, keep them."""
    retention = timedelta(days=settings.EVIDENCE_RETENTION_DAYS)
    when = None if ended_at is None else ended_at + retention
    EvidenceFile.objects.filter(frozen_for=case_id, erased_at__isnull=True).update(erase_after=when)


def erase_due() -> int:
    """Erase what was kept long enough and what nobody submitted in EVIDENCE_UNUSED_DAYS; the worker's job."""
    now = clock.now()
    unused = now - timedelta(days=settings.EVIDENCE_UNUSED_DAYS)
    live = EvidenceFile.objects.filter(erased_at__isnull=True)
    found = [(file, Erasure.RETAINED_LONG_ENOUGH) for file in live.filter(erase_after__lte=now)[:_BATCH]]
    found += [(file, Erasure.UNUSED) for file in live.filter(frozen_for__isnull=True, received_at__lte=unused)[:_BATCH]]
    with transaction.atomic():
        return sum(erase_content(file, actor=Actor.system(), why=why) for file, why in found)


def sweep() -> int:
    """Remove blobs that no row names, and rows that only counted for the limits; the worker's job. Returns 0."""
    now = clock.now()
    for blob in blobs.older_than(now - _ORPHAN):
        if not EvidenceFile.objects.filter(blob=blob).exists():
            blobs.remove(blob)
    EvidenceFile.objects.filter(erased_at__lt=now - _FORGET, frozen_for__isnull=True).delete()
    EvidenceHolder.objects.filter(used_at__lt=now - _FORGET).delete()
    return 0
