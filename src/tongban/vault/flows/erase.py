"""Overwrite sealed values of a row so that nothing of them is left to open."""

import secrets
from collections.abc import Iterable
from uuid import UUID

from django.db import models, transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.vault import events
from tongban.vault.errors import NotSealed
from tongban.vault.fields import BlindIndexField, SealedTextField
from tongban.vault.queries import ERASED_INDEX
from tongban.vault.sealed import Sealed


def erase(*, actor: Actor, row: models.Model, fields: Iterable[str], reason: str) -> None:
    """Erase `fields` (sealed texts and the blind indexes of them) of `row`, in the database and in memory.

    A sealed value becomes the mark "erased", so that it is not mistaken for one that was never given; an index
    becomes a random one that finds nothing. `reason` is a code for the audit trail. Raises `NotSealed` for a field
    that is neither. Copies in backups and in the database's own logs go with their retention (see the operators' page).
    """
    meta = row._meta  # noqa: SLF001 - Django's public name
    blanks: dict[str, object] = {}
    for name in fields:
        field = meta.get_field(name)
        if isinstance(field, SealedTextField):
            blanks[name] = Sealed.erased_at(field.place_of(row))
        elif isinstance(field, BlindIndexField):
            blanks[name] = ERASED_INDEX + secrets.token_urlsafe(24)
        else:
            raise NotSealed(field=name, reason="not a field of the vault")
    with transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).update(**blanks)  # noqa: SLF001
        subject = row.pk if isinstance(row.pk, UUID) else None
        facts = {"model": meta.label, "fields": ",".join(sorted(blanks)), "reason": reason}
        record(events.ERASED, actor=actor, subject=subject, facts=facts)
    for name, blank in blanks.items():
        setattr(row, name, blank)
