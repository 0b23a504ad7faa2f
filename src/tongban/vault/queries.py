"""Which models hold sealed values, which of their rows still need an older key; and who has which evidence files."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr

from tongban.kernel.key_ring import Key
from tongban.vault import blind_index, keepers, keys, sealing
from tongban.vault.fields import BlindIndexField, SealedTextField
from tongban.vault.models import EvidenceFile
from tongban.vault.sealed import ERASED

ERASED_INDEX = "erased."
"""How an index begins once its value is erased."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A model with its sealed and index fields."""

    model: type[models.Model]
    sealed: tuple[SealedTextField[Any, Any], ...]
    indexes: tuple[BlindIndexField[Any, Any], ...]


def holders() -> list[Holder]:
    """Return every model that has sealed or index fields of its own, ordered by label."""
    found = []
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):  # noqa: SLF001 - Django's public name
        fields = model._meta.local_fields  # noqa: SLF001
        sealed = tuple(field for field in fields if isinstance(field, SealedTextField))
        indexes = tuple(field for field in fields if isinstance(field, BlindIndexField))
        if sealed or indexes:
            found.append(Holder(model, sealed, indexes))
    return found


def stale_rows(holder: Holder) -> QuerySet[models.Model]:
    """Return the rows of `holder` in which some value is not sealed or indexed under the current key."""
    head = sealing.header_of(keys.current(keys.SEAL))
    prefix = blind_index.key_prefix(keys.current(keys.INDEX))
    stale = Q()
    for field in holder.sealed:
        stale |= Q(**{f"{field.name}__isnull": False}) & ~Q(**{f"{field.name}_head__in": [head, _ERASED_HEAD]})
    for index in holder.indexes:
        renewed = Q(**{f"{index.name}__startswith": prefix}) | Q(**{f"{index.name}__startswith": ERASED_INDEX})
        stale |= Q(**{f"{index.name}__isnull": False}) & ~Q(**{index.name: ""}) & ~renewed
    return _with_heads(holder).filter(stale)


def left_to_move() -> int:
    """Return how many rows, files and other values are not under the current keys and can be brought under them."""
    older = [key for use in (keys.SEAL, keys.INDEX) for key in keys.all_keys(use)[1:]]
    movable = [keeper for keeper in keepers.registered() if keeper.renew]
    others = sum(keeper.needing(key) for keeper in movable for key in older)
    return others + sum(stale_rows(holder).count() for holder in holders())


def is_moving(uses: Iterable[str]) -> bool:
    """Return whether a rotation of keys for `uses` is under way: begun with the configured suite, and not finished."""
    newest = [max(keys.all_keys(use), key=lambda key: key.current_from) for use in uses]
    if any(key.suite != keys.wanted_suite() for key in newest):
        return False
    return any(key != keys.current(key.use) for key in newest) or left_to_move() > 0


def rows_of_key(key: Key) -> int:
    """Return how many values need `key`."""
    count = sum(keeper.needing(key) for keeper in keepers.registered())
    for holder in holders():
        rows = _with_heads(holder)
        if key.use == keys.SEAL:
            head = sealing.header_of(key)
            count += sum(rows.filter(**{f"{field.name}_head": head}).count() for field in holder.sealed)
        if key.use == keys.INDEX:
            prefix = blind_index.key_prefix(key)
            count += sum(rows.filter(**{f"{index.name}__startswith": prefix}).count() for index in holder.indexes)
    return count


_ERASED_HEAD = ERASED[: sealing.HEADER_BYTES]


def _with_heads(holder: Holder) -> QuerySet[models.Model]:
    """Return all rows, each with the header of every sealed value beside it, so that the database can sort them out."""
    heads = {
        f"{field.name}_head": Substr(F(field.name), 1, sealing.HEADER_BYTES, output_field=models.BinaryField())
        for field in holder.sealed
    }
    rows: QuerySet[models.Model] = holder.model._base_manager.annotate(**heads)  # noqa: SLF001 - Django's public name
    return rows


def evidence_for(holder: str) -> dict[str, EvidenceFile]:
    """Return the files `holder` has uploaded and no case has taken, by slot; refused ones too."""
    files = EvidenceFile.objects.filter(holder=holder, frozen_for__isnull=True, erased_at__isnull=True)
    return {file.slot: file for file in files}


def evidence_of_case(case_id: UUID) -> list[EvidenceFile]:
    """Return every file the case has ever been given, oldest first; of erased ones only the row is left."""
    return list(EvidenceFile.objects.filter(frozen_for=case_id).order_by("received_at", "id"))


def is_held_by(file_id: UUID, names: Iterable[str]) -> bool:
    """Return whether the file was uploaded under one of the holder `names`."""
    return EvidenceFile.objects.filter(pk=file_id, holder__in=list(names)).exists()
