"""Take back what a file brought, as if it had never been imported, as long as nobody has used it."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ForeignObjectRel, QuerySet

from tongban.accounts.models import Account, LegalProfile
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.transfer import events
from tongban.transfer.errors import UndoRefused
from tongban.transfer.hashers import PREFIX
from tongban.transfer.locking import only_one
from tongban.transfer.models import Batch, LegacyAccount


def undo_import(*, actor: Actor, batch_id: UUID) -> Batch:
    """Delete the accounts that the batch made, and what is known of its legacy accounts; all of it or nothing.

    The batch and its bad rows stay, as history. Raises `UndoRefused` when it is undone already, or somebody has used
    an account of it in any way, and `ImportRunning`.
    """
    with only_one():
        try:
            with transaction.atomic():
                return _undo(actor, batch_id)
        except IntegrityError as error:  # since we looked, something began to refer to an account
            raise UndoRefused(reason="used") from error


def _undo(actor: Actor, batch_id: UUID) -> Batch:
    batch = Batch.objects.select_for_update().get(id=batch_id)
    if batch.undone_at:
        raise UndoRefused(reason="undone")
    legacy = LegacyAccount.objects.filter(batch=batch)
    made = Account.objects.filter(id__in=legacy.filter(account_id__isnull=False).values("account_id"))
    expected = made.count()
    removed = 0 if _are_referred_to(made) else _remove(made)
    if removed != expected:
        raise UndoRefused(reason="used")
    _delete(legacy)
    batch.undone_at = clock.now()
    batch.save(update_fields=["undone_at"])
    record(events.UNDONE, actor=actor, facts={"batch": str(batch.id), "accounts": removed})
    return batch


def _are_referred_to(made: QuerySet[Account]) -> bool:
    """Return whether a row of any room, other than the claim of a unit, names one of the accounts."""
    for relation in Account._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's public name
        if isinstance(relation, ForeignObjectRel) and relation.related_model is not LegalProfile:
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": made})  # noqa: SLF001
            if rows.exists():
                return True
    return False


def _remove(made: QuerySet[Account]) -> int:
    """Delete the accounts that nobody has used, in one statement, and return how many."""
    _delete(LegalProfile.objects.filter(account__in=made))
    return _delete(made.filter(last_used_on__isnull=True, phone_proved_at__isnull=True, password__startswith=PREFIX))


def _delete(rows: QuerySet[Any]) -> int:
    """Delete rows that nothing refers to; Django would load millions of them to look for itself."""
    return rows._raw_delete(rows.db)  # noqa: SLF001
