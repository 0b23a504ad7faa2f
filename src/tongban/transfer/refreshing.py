"""A later file says something new of accounts that were brought over: those that nobody has used yet take it over."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tongban.accounts.models import Account, LegalProfile
from tongban.transfer.hashers import PREFIX, PasswordSealer, unsealed
from tongban.transfer.models import Batch, LegacyAccount
from tongban.transfer.staging import Known, Staging
from tongban.vault import sealing
from tongban.vault.fields import context_of


def refresh(staging: Staging, changed: Sequence[Known], batch: Batch) -> int:
    """Write what the staged rows say of accounts that are known; return how many were changed.

    The outcome stays what was decided. An account in use stays as it is: its owner knows better by now.
    """
    rows = {values["row"]: values for values in staging.staged([known.row for known in changed])}
    legacy = LegacyAccount.objects.in_bulk([known.legacy_id for known in changed])
    ids = [known.account_id for known in changed if known.account_id]
    unused = Account.objects.filter(
        last_used_on__isnull=True, phone_proved_at__isnull=True, password__startswith=PREFIX
    )
    accounts = unused.select_for_update().in_bulk(ids)
    count = 0
    for known in changed:
        account = accounts.get(known.account_id) if known.account_id else None
        if known.account_id and account is None:
            continue
        _refresh(legacy[known.legacy_id], account, rows[known.row], batch)
        count += 1
    return count


def _refresh(legacy: LegacyAccount, account: Account | None, staged: Mapping[str, Any], batch: Batch) -> None:
    """What is sealed in the staging table is sealed for an account that will never be: open it, seal it again."""
    new = UUID(str(staged["id"]))
    phone = _opened(LegacyAccount, "phone", staged["legacy_phone"], new)
    legacy.phone, legacy.phone_index = phone, staged["phone_index"]
    legacy.fingerprint, legacy.changed_by = staged["fingerprint"], batch
    legacy.save(update_fields=["phone", "phone_index", "fingerprint", "changed_by"])
    if account is None:
        return
    account.phone, account.phone_index = phone, staged["phone_index"]
    account.password = PasswordSealer().seal(unsealed(staged["password"], new), account.id)
    account.save(update_fields=["phone", "phone_index", "password"])
    profile = LegalProfile.objects.filter(account=account).first()
    if profile is not None:
        profile.unit_name, profile.unit_name_key = staged["unit_name"], staged["unit_name_key"]
        profile.unit_type = staged["unit_type"]
        contact = staged["contact_name"]
        profile.contact_name = _opened(LegalProfile, "contact_name", contact, new) if contact else None
        profile.save(update_fields=["unit_name", "unit_name_key", "unit_type", "contact_name"])


def _opened(model: type[LegacyAccount] | type[LegalProfile], field: str, sealed: bytes, row: UUID) -> str:
    context = context_of(model, field)
    return sealing.open_sealed(bytes(sealed), context=context, row=str(row)).decode()
