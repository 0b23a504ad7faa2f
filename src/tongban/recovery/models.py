"""What the room remembers: recovered accounts, appeals before they are cases, accounts on their way to an owner."""

import json
from collections.abc import Mapping
from uuid import UUID

from django.db import models
from django.db.models import Q

from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.recovery.rules import Answered, Way
from tongban.review.models import Case
from tongban.vault.fields import SealedTextField
from tongban.vault.purposes import Purpose

_DIGEST_LENGTH = 64
_LIVE = Q(stopped_at__isnull=True, redeemed_at__isnull=True, expired_at__isnull=True)


class Recovery(models.Model):
    """Somebody got a new password for the account without knowing the old one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="recoveries")
    way = models.CharField(max_length=16, choices=[(way.value, way.name) for way in Way])
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(fields=["account", "at"], name="recoveries_of_an_account"),)


class Appeal(models.Model):
    """What somebody fills in to appeal, until it is handed in; then the case has it and `data` is empty.

    `holder` names whose the pictures are (`vault.holders`). `phone` is proved. An appeal that answers a returned case
    has the `case` from the start and the `round` it answers; round 0 opens a case.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    realm = models.CharField(max_length=16, choices=[(realm.value, realm.name) for realm in Realm])
    holder = models.CharField(max_length=100)
    data = SealedTextField(context="recovery.appeal.data", null=True)
    phone = SealedTextField(context="recovery.appeal.phone", null=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    round = models.PositiveSmallIntegerField(default=0)
    kept_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(case__isnull=False, data__isnull=True, phone__isnull=True),
                name="a_submitted_appeal_is_a_case",
            ),
            models.UniqueConstraint(
                fields=["case", "round"], condition=Q(submitted_at__isnull=False), name="one_appeal_per_case_round"
            ),
        )
        indexes = (models.Index(fields=["kept_at"], condition=Q(submitted_at__isnull=True), name="appeals_to_forget"),)

    case_id: UUID | None

    def read(self) -> Mapping[str, str]:
        """Return what was filled in so far, under the names of the form's fields."""
        read: dict[str, str] = json.loads(self.data.reveal(Purpose.SHOW_OWNER)) if self.data else {}
        return read

    def proved_phone(self) -> str:
        """Return the number that was proved, or ""."""
        return self.phone.reveal(Purpose.MATCH) if self.phone else ""


class RegisterAnswer(models.Model):
    """What the authority said about the person or unit of an appeal, asked once for each round."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=16, choices=[(answer.value, answer.name) for answer in Answered])
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "round"], name="one_register_answer_per_round"),)


class Handover(models.Model):
    """An account on its way to who appealed for it, since the approval of round `round` of the case.

    Until `due_at` everybody can only object; then the phone of the case gets a link, by which one new password is set.
    Both links are random and long; only their digests are kept. It ends stopped, redeemed or expired.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    stop_digest = models.CharField(max_length=_DIGEST_LENGTH, unique=True)
    link_digest = models.CharField(max_length=_DIGEST_LENGTH, blank=True, default="")
    link_sent_at = models.DateTimeField(null=True)
    link_expires_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    redeemed_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "round"], name="one_handover_per_case_round"),
            models.UniqueConstraint(fields=["account"], condition=_LIVE, name="one_live_handover_per_account"),
            models.UniqueConstraint(fields=["link_digest"], condition=~Q(link_digest=""), name="one_handover_per_link"),
            models.CheckConstraint(
                condition=Q(link_digest="", link_sent_at__isnull=True, link_expires_at__isnull=True)
                | ~Q(link_digest="") & Q(link_sent_at__isnull=False, link_expires_at__isnull=False),
                name="a_link_is_sent_or_not",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(redeemed_at__isnull=True),
                name="a_handover_is_stopped_or_redeemed",
            ),
        )
        indexes = (
            models.Index(fields=["due_at"], condition=_LIVE & Q(link_sent_at__isnull=True), name="handovers_due"),
            models.Index(fields=["link_expires_at"], condition=_LIVE, name="handovers_to_expire"),
        )

    case_id: UUID
    account_id: UUID
