"""What the room reads, for itself and for the rooms above it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from tongban.accounts.models import PHONE_DOMAIN, Account, Consent
from tongban.accounts.queries import live_binding, phone_of
from tongban.accounts.rules import ConsentTo, IdentityKind, Realm
from tongban.kernel import clock
from tongban.kernel.masking import mask_phone
from tongban.kernel.mobile import Mobile
from tongban.kernel.uscc import Uscc
from tongban.mandates import queries as mandates
from tongban.mandates.models import REQUEST, Mandate
from tongban.transfer.answers import ANSWERS
from tongban.transfer.errors import BatchUnknown
from tongban.transfer.models import BadRow, Batch, LegacyAccount
from tongban.transfer.rules import MANDATE_RULE, RESERVED_PREFIX, Kind, Outcome
from tongban.vault import blind_index
from tongban.vault.purposes import Purpose


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the owner of a brought-over account has come. Nothing of it is kept: it is what other rows say."""

    legacy: LegacyAccount
    has_accepted_terms: bool
    has_proved_phone: bool
    is_verified: bool

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.has_accepted_terms and self.has_proved_phone and self.is_verified


class Acting(StrEnum):
    """Whether the holder of a unit's legacy account may act for the unit."""

    GRANTED = "granted"
    ASKED = "asked"
    MAY_ASK = "may_ask"
    BY_ITSELF = "by_itself"


_CHUNK = 2000
_PHONE_LENGTH = 11
REPORT_HEADER = ("row", "key", "outcome", "reason", "login_name", "column")


def legacy_account_of(account_id: UUID) -> LegacyAccount | None:
    """Return the legacy account for which the account was made; `None` for everybody who registered here."""
    return LegacyAccount.objects.filter(id=account_id, account_id=account_id).first()


def has_accepted_terms(account: Account) -> bool:
    """Return whether the owner of the account agreed to the texts everybody agrees to, in whichever version."""
    given = Consent.objects.filter(account=account, withdrawn_at__isnull=True).values_list("text", flat=True)
    return set(ConsentTo) <= set(given)


def has_proved_legacy_phone(account: Account, legacy: LegacyAccount) -> bool:
    """Return whether the account has proved the very phone that came with it."""
    phone = phone_of(account, Purpose.MATCH) if account.phone_proved_at else None
    return phone is not None and phone.value == legacy.phone.reveal(Purpose.MATCH)


def progress_of(account: Account) -> Progress | None:
    """Return how far the owner of a brought-over account has come; `None` for everybody else."""
    legacy = legacy_account_of(account.id) if account.transferred_at else None
    if legacy is None:
        return None
    kind = IdentityKind.UNIT if account.realm == Realm.LEGAL else IdentityKind.DOCUMENT
    return Progress(
        legacy=legacy,
        has_accepted_terms=has_accepted_terms(account),
        has_proved_phone=account.phone_proved_at is not None,
        is_verified=live_binding(account, kind) is not None,
    )


def mandates_of(account: Account, legacy: LegacyAccount) -> Acting:
    """Return whether the holder of a unit's legacy account may act for the unit."""
    mine = Mandate.objects.filter(holder=account, uscc=legacy.uscc)
    if mandates.standing().filter(holder=account, uscc=legacy.uscc).exists():
        return Acting.GRANTED
    if mine.filter(REQUEST, answer_by__gt=clock.now()).exists():
        return Acting.ASKED
    was_granted = Mandate.objects.filter(uscc=legacy.uscc, rule=MANDATE_RULE).exists()
    if was_granted or not has_proved_legacy_phone(account, legacy):
        return Acting.MAY_ASK
    return Acting.BY_ITSELF


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


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a report: a legacy account and what became of it, or a bad row; personal numbers are masked."""

    row: int
    key: str
    outcome: str
    reason: str
    login_name: str = ""
    column: str = ""

    @property
    def cells(self) -> tuple[str | int, ...]:
        """The row as a file has it, in the order of `REPORT_HEADER`."""
        return (self.row, self.key, self.outcome, self.reason, self.login_name, self.column)


def batches() -> QuerySet[Batch]:
    """Return every batch, the latest first."""
    return Batch.objects.order_by("-started_at")


def batch_named(start: str) -> Batch:
    """Return the one batch whose id begins so; raises `BatchUnknown`."""
    found = [batch for batch in batches() if str(batch.id).startswith(start.lower())] if start else []
    if len(found) != 1:
        raise BatchUnknown(found=len(found))
    return found[0]


def accounts_of(batch: Batch) -> QuerySet[LegacyAccount]:
    """Return what became of the rows of the batch, in the order of the file."""
    return LegacyAccount.objects.filter(batch=batch).order_by("row")


def bad_rows_of(batch: Batch) -> QuerySet[BadRow]:
    """Return the bad rows of the batch, in the order of the file."""
    return batch.bad_rows.order_by("row")


def report(batch: Batch) -> Iterator[Line]:
    """Yield every row of the batch: the accounts, then the bad rows."""
    for legacy in accounts_of(batch).defer("phone").iterator(chunk_size=_CHUNK):
        yield line(legacy)
    for bad in bad_rows_of(batch).iterator(chunk_size=_CHUNK):
        yield Line(bad.row, bad.sample, "", bad.reason, column=bad.column)


def line(legacy: LegacyAccount) -> Line:
    """Return the account's row of a report. Who works with it has the file, and finds the number there by its row."""
    name = masked_name(legacy.login_name)
    return Line(legacy.row, legacy.uscc, legacy.outcome, legacy.reason, name)


def masked_name(login_name: str) -> str:
    """Return the login name after a transfer as it may be shown: a unit's code is public, a person's phone is not."""
    prefix = RESERVED_PREFIX if login_name.startswith(RESERVED_PREFIX) else ""
    bare = login_name.removeprefix(prefix)
    return prefix + (mask_phone(bare) if len(bare) == _PHONE_LENGTH else bare)
