"""Seal contents of the evidence store under the current key, so that older keys can leave the ring."""

import logging
from collections.abc import Iterator

from django.db import transaction

from tongban.kernel.key_ring import Key
from tongban.vault import blobs, keys
from tongban.vault.errors import VaultError
from tongban.vault.keepers import Keeper, Renewed
from tongban.vault.models import EvidenceFile

log = logging.getLogger("tongban.vault.evidence")
_BATCH = 20
"""Pictures are large: fewer of them than of rows are read at a time."""


def contents_of_key(key: Key) -> int:
    """Return how many contents need `key`."""
    return EvidenceFile.objects.exclude(blob="").filter(key=key.id).count() if key.use == keys.SEAL else 0


def reseal_evidence(batch: int) -> Iterator[Renewed]:
    """Seal what is not under the current key anew; what cannot be read is told to the log and stays as it is."""
    stale = EvidenceFile.objects.exclude(blob="").exclude(key=keys.current(keys.SEAL).id).order_by("pk")
    last = None
    while files := list((stale if last is None else stale.filter(pk__gt=last))[: min(batch, _BATCH)]):
        results = [_reseal(file) for file in files]
        yield Renewed(renewed=results.count(True), damaged=results.count(False))
        last = files[-1].pk


def _reseal(file: EvidenceFile) -> bool | None:
    """Return True when the content is sealed anew, False when it cannot be read, None when somebody was faster."""
    try:
        content = blobs.read(file.blob, file_id=file.id)
    except (FileNotFoundError, VaultError) as error:
        if not EvidenceFile.objects.filter(pk=file.pk, blob=file.blob).exists():
            return None  # erased, drawn anew or sealed anew since the row was read
        log.error("evidence file %s cannot be read: %s", file.id, type(error).__name__)
        return False
    with blobs.written(content, file_id=file.id) as (blob, key), transaction.atomic():
        same = EvidenceFile.objects.filter(pk=file.pk, blob=file.blob)
        done = same.update(blob=blob, key=key) == 1
        transaction.on_commit(lambda: blobs.remove(file.blob if done else blob))
    return done or None


KEEPER = Keeper("vault.evidence", needing=contents_of_key, renew=reseal_evidence)
