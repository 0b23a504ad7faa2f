"""Files that were imported, the legacy accounts in them with what became of each, and the rows nobody could read."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from tongban.accounts.models import PHONE_DOMAIN
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.transfer.rules import CREATED, TABLES, Kind, Outcome
from tongban.vault.fields import BlindIndexField, SealedTextField
from tongban.vault.purposes import Purpose

_KINDS = [(kind.value, kind.name) for kind in Kind]
_REASON_LENGTH = 64


class Batch(models.Model):
    """A file of legacy accounts: whose it is, how far it was read, and what came of it.

    `offset` is the place in the file, in bytes, where reading goes on, and `last_row` the row before it; they move in
    the transaction that writes the rows before them, so that an import may be killed at any point. `counts` says how
    many rows had which outcome; rows that an earlier file brought are in `rows_known`, those of them that said
    something new in `rows_changed`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=_KINDS)
    file_name = models.CharField(max_length=255)
    file_digest = models.CharField(max_length=64)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    offset = models.BigIntegerField(default=0)
    last_row = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)
    rows_bad = models.PositiveIntegerField(default=0)
    rows_known = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["file_digest", "kind"], condition=Q(undone_at__isnull=True), name="a_file_is_one_batch"
            ),
        )
        indexes = (models.Index(fields=["started_at"], name="batches_by_time"),)


class LegacyAccount(models.Model):
    """An account of the legacy platform and what became of it, decided once.

    A unit is known by its USCC, a person by the index of the phone; both have a phone, which nobody has proved here.
    `login_name` is what its owner logs in with from now on; it is empty where that is their own and no business of
    ours to tell (P4). `account_id` is the account that was made, under the id of the legacy account itself;
    `met_account_id` the one that was here before. `fingerprint` tells whether a later file says something new.

    Millions of rows come at once, and each index costs every one of them: there is none but for what is looked up.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="legacy_accounts", db_index=False)
    row = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=_KINDS)
    uscc = models.CharField(max_length=18, blank=True, default="")
    phone = SealedTextField(context="transfer.legacy_account.phone")
    phone_index = BlindIndexField(domain=PHONE_DOMAIN, value="phone_text")
    fingerprint = models.CharField(max_length=80)
    outcome = models.CharField(max_length=2, choices=[(outcome.value, outcome.name) for outcome in Outcome])
    reason = models.CharField(
        max_length=_REASON_LENGTH, choices=[(r.reason, r.reason) for table in TABLES.values() for r in table]
    )
    login_name = models.CharField(max_length=64, blank=True)
    account_id = models.UUIDField(null=True)
    met_account_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["uscc"], condition=Q(kind=Kind.UNIT.value), name="one_legacy_account_per_unit"
            ),
            models.UniqueConstraint(
                fields=["phone_index"], condition=Q(kind=Kind.PERSON.value), name="one_legacy_account_per_phone"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.UNIT.value) & ~Q(uscc="") | Q(kind=Kind.PERSON.value, uscc=""),
                name="a_legacy_account_is_of_a_unit_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=sorted(CREATED), account_id__isnull=False)
                | ~Q(outcome__in=sorted(CREATED)) & Q(account_id__isnull=True, met_account_id__isnull=False),
                name="an_account_is_made_or_met",
            ),
            models.CheckConstraint(
                condition=Q(account_id__isnull=True) | Q(account_id=F("id")), name="a_made_account_has_the_same_id"
            ),
        )
        indexes = (models.Index(fields=["batch", "row"], name="legacy_accounts_of_a_batch"),)

    batch_id: UUID

    def phone_text(self) -> str:
        """Return the phone for its index."""
        return self.phone.reveal(Purpose.REENCRYPT)


class BadRow(models.Model):
    """A row of a file that was not imported: which column, why, and what it looks like with everything hidden."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="bad_rows")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=_REASON_LENGTH)
    sample = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["batch", "row"], name="a_row_is_bad_once"),)


class SlowPasswordKind(models.Model):
    """A kind of legacy hash that was imported and takes long to check (`legacy_hash.SLOW`).

    As long as a row stands, answers to log-ins under names such as brought-over accounts have leave in ticks.
    """

    kind = models.CharField(max_length=16, primary_key=True)
    noted_at = models.DateTimeField(default=clock.now)
