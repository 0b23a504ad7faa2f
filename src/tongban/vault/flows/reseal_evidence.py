"""Seal contents of the evidence store under the current key, so that older keys can leave the ring: a worker's job."""

import logging

from django.db import transaction

from tongban.vault import blobs, keys
from tongban.vault.errors import VaultError
from tongban.vault.flows.reencrypt import settled
from tongban.vault.models import EvidenceFile

log = logging.getLogger("tongban.vault.evidence")
_BATCH = 20


def reseal_due() -> int:
    """Seal some contents anew; return how many. One that cannot be read is told to the log and stays as it is."""
    if not settled():
        return 0
    stale = EvidenceFile.objects.exclude(blob="").exclude(key=keys.current(keys.SEAL).id)
    return sum(_reseal(file) for file in stale.order_by("received_at")[:_BATCH])


def _reseal(file: EvidenceFile) -> bool:
    try:
        content = blobs.read(file.blob, file_id=file.id)
    except (FileNotFoundError, VaultError) as error:
        log.error("evidence file %s cannot be read: %s", file.id, type(error).__name__)
        return False
    with blobs.written(content, file_id=file.id) as (blob, key), transaction.atomic():
        same = EvidenceFile.objects.filter(pk=file.pk, blob=file.blob)
        done = same.update(blob=blob, key=key) == 1
        transaction.on_commit(lambda: blobs.remove(file.blob if done else blob))
    return done
