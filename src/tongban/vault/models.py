"""The evidence store: what is known of each uploaded file. Its content stands encrypted in `blobs`."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.vault.rules import LIVE, EvidenceState

_HAS_CONTENT = Q(state__in=[EvidenceState.RECEIVED.value, EvidenceState.READY.value])


class EvidenceHolder(models.Model):
    """Somebody who uploads: the row that makes their uploads follow each other, so that limits hold in parallel."""

    name = models.CharField(max_length=100, primary_key=True)
    used_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["used_at"], name="evidence_holders_by_use"),)


class EvidenceFile(models.Model):
    """A picture somebody uploaded. `holder` is what `holders.of_account` or `of_browser` gives, `slot` what it shows.

    `blob` names the content and `key` the vault key it is sealed with; both are empty once nothing is left of it.
    `size` is in bytes, `width` and `height` in pixels, of the stored content. `frozen_for` is the case the file belongs
    to for good: from then on its holder can neither replace nor delete it. While the worker re-encodes it,
    `leased_until` keeps other workers away; `tries` stops a picture that kills workers.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    holder = models.CharField(max_length=100)
    slot = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=[(state.value, state.name) for state in EvidenceState])
    refused_code = models.CharField(max_length=20, blank=True, default="")
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    digest = models.CharField(max_length=100)
    blob = models.CharField(max_length=32, blank=True, default="")
    key = models.CharField(max_length=8, blank=True, default="")
    received_at = models.DateTimeField(default=clock.now)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    frozen_for: "models.UUIDField[UUID | None, UUID | None]" = models.UUIDField(null=True)
    erase_after = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["holder", "slot"],
                condition=Q(frozen_for__isnull=True, erased_at__isnull=True),
                name="one_file_in_a_slot",
            ),
            models.CheckConstraint(
                condition=(_HAS_CONTENT & ~Q(blob="") & ~Q(key="")) | (~_HAS_CONTENT & Q(blob="", key="")),
                name="evidence_has_content_or_not",
            ),
            models.CheckConstraint(
                condition=Q(state=EvidenceState.ERASED.value, erased_at__isnull=False)
                | (Q(state__in=[state.value for state in LIVE], erased_at__isnull=True)),
                name="evidence_is_erased_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=EvidenceState.REFUSED.value) & ~Q(refused_code="")
                | Q(state=EvidenceState.ERASED.value)
                | Q(state__in=[EvidenceState.RECEIVED.value, EvidenceState.READY.value], refused_code=""),
                name="evidence_is_refused_with_a_code",
            ),
        )
        indexes = (
            models.Index(fields=["holder", "received_at"], name="evidence_of_a_holder"),
            models.Index(fields=["frozen_for"], name="evidence_of_a_case"),
            models.Index(fields=["received_at"], condition=Q(state=EvidenceState.RECEIVED.value), name="evidence_due"),
            models.Index(fields=["erase_after"], condition=Q(erased_at__isnull=True), name="evidence_to_erase"),
            models.Index(fields=["blob"], name="evidence_by_blob"),
            models.Index(fields=["key"], condition=~Q(blob=""), name="evidence_by_key"),
        )
