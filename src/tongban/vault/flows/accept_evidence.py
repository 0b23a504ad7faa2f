"""Take an uploaded picture into the evidence store."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.vault import blobs, digests, events, pictures, queries
from tongban.vault.errors import EvidenceRefused
from tongban.vault.flows.erase_evidence import erase_content
from tongban.vault.models import EvidenceFile, EvidenceHolder
from tongban.vault.refusals import Refusal
from tongban.vault.rules import USABLE, Erasure, EvidenceState

_DIGEST = "vault.evidence_file.digest"
_DAY = timedelta(days=1)


def accept_evidence(*, actor: Actor, holder: str, slot: str, content: bytes) -> EvidenceFile:
    """Keep `content` as what `holder` shows in `slot`, in place of what stood there, and return its file.

    The type is that of the content, whatever its name says. The same picture again is the file that is there already.
    Nobody can see it until the worker has drawn it anew. `holder` is a name made by `vault.holders`. Raises
    `EvidenceRefused`, also when the holder has too many files (EVIDENCE_LIVE, EVIDENCE_PER_DAY).
    """
    found = pictures.look(content)
    fingerprint = hashlib.sha256(content).hexdigest()
    standing = queries.evidence_for(holder).get(slot)
    if standing and standing.state in USABLE and digests.matches(standing.digest, _DIGEST, fingerprint):
        return standing
    file = EvidenceFile(
        holder=holder,
        slot=slot,
        state=EvidenceState.RECEIVED,
        media_type=found.media_type,
        size=len(content),
        width=found.width,
        height=found.height,
        digest=digests.keyed(_DIGEST, fingerprint),
    )
    # The blob first: a row never names what is not there. What no row names is swept.
    with blobs.written(content, file_id=file.id) as (file.blob, file.key), transaction.atomic():
        _let_uploads_follow_each_other(holder)
        _keep_to_limits(holder, slot)
        if standing := queries.evidence_for(holder).get(slot):
            erase_content(standing, actor=actor, why=Erasure.REPLACED)
        file.save(force_insert=True)
        facts: dict[str, str | int] = {"slot": slot, "media_type": file.media_type, "size": file.size}
        record(events.EVIDENCE_RECEIVED, actor=actor, subject=file.id, facts=facts)
    return file


def _let_uploads_follow_each_other(holder: str) -> None:
    """Lock the holder's row, in one statement that also makes it."""
    row = EvidenceHolder(name=holder, used_at=clock.now())
    EvidenceHolder.objects.bulk_create([row], update_conflicts=True, unique_fields=["name"], update_fields=["used_at"])


def _keep_to_limits(holder: str, slot: str) -> None:
    today = EvidenceFile.objects.filter(holder=holder, received_at__gt=clock.now() - _DAY).count()
    if today >= settings.EVIDENCE_PER_DAY:
        raise EvidenceRefused(Refusal.TOO_MANY_TODAY)
    others = queries.evidence_for(holder).keys() - {slot}
    if len(others) >= settings.EVIDENCE_LIVE:
        raise EvidenceRefused(Refusal.TOO_MANY_FILES)
