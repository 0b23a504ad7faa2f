"""What the room reads, for itself and for the rooms above it."""

from uuid import UUID

from tongban.accounts.models import PHONE_DOMAIN
from tongban.accounts.rules import Realm
from tongban.kernel.mobile import Mobile
from tongban.kernel.uscc import Uscc
from tongban.transfer.answers import ANSWERS
from tongban.transfer.models import LegacyAccount
from tongban.transfer.rules import Kind, Outcome
from tongban.vault import blind_index


def legacy_account_of(account_id: UUID) -> LegacyAccount | None:
    """Return the legacy account for which the account was made; `None` for everybody who registered here."""
    return LegacyAccount.objects.filter(account_id=account_id).first()


def login_name_behind(realm: Realm, legacy_id: UUID) -> str:
    """Return what the owner of a legacy account logs in with in `realm`; "" where that is not told."""
    legacy = LegacyAccount.objects.filter(id=legacy_id).first()
    if legacy is None or ANSWERS[Outcome(legacy.outcome)].realm is not realm:
        return ""
    return legacy.login_name


def find_unit(uscc: Uscc) -> LegacyAccount | None:
    """Return the unit's legacy account."""
    return LegacyAccount.objects.filter(kind=Kind.UNIT, uscc=uscc.value).first()


def find_person(phone: Mobile) -> LegacyAccount | None:
    """Return the legacy account of the person with this phone."""
    indexes = blind_index.candidates(PHONE_DOMAIN, phone.value)
    return LegacyAccount.objects.filter(kind=Kind.PERSON, phone_index__in=indexes).first()
