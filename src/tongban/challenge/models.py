"""One-time codes, posed human checks, and the hits that limits count."""

from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models import F, Q

from tongban.challenge.rules import EndReason
from tongban.kernel.ids import new_id
from tongban.vault.fields import SealedTextField

_DIGEST_LENGTH = 80  # key id, full stop, 64 hexadecimal digits
_LIVE = Q(ended_at__isnull=True)
_ENDED_WITH_REASON = Q(ended_at__isnull=True, end_reason="") | Q(ended_at__isnull=False) & ~Q(end_reason="")
_REASONS = [(reason.value, reason.name) for reason in EndReason]


class OneTimeCode(models.Model):
    """One life cycle of a code: asked for, sent, perhaps sent again, tried, redeemed or ended otherwise.

    Bound to its purpose, to a phone and to the browser that asked for it. The three together have at most one live
    code: a stranger who asks for a code to somebody's phone takes nothing away from that somebody's own browser.
    The code, the phone and the browser are kept as keyed digests only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=32)
    phone = models.CharField(max_length=_DIGEST_LENGTH)
    browser = models.CharField(max_length=_DIGEST_LENGTH)
    digest = models.CharField(max_length=_DIGEST_LENGTH)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    times_sent = models.PositiveSmallIntegerField(default=0)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    right_checks = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, blank=True, choices=_REASONS)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["purpose", "phone", "browser"], condition=_LIVE, name="one_live_code_per_purpose_and_target"
            ),
            models.CheckConstraint(condition=_ENDED_WITH_REASON, name="a_code_ends_with_a_reason"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="a_code_lives_a_while"),
        )
        indexes = (models.Index(fields=["expires_at"], name="one_time_codes_by_expiry"),)


class HumanCheck(models.Model):
    """A 验证码 that was posed to a browser: letters to be seen and digits to be heard; either answers it, once.

    `nonce` lets it be shown again, for example heard after it was seen. The digests judge; `answer` and `spoken` are
    sealed and read only to show them again (and by a demonstration). A puzzle for the browser's script has nothing to
    be heard: its `answer` is the whole puzzle, and `spoken` is null.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    browser = models.CharField(max_length=_DIGEST_LENGTH)
    nonce = models.CharField(max_length=64)
    digest = models.CharField(max_length=_DIGEST_LENGTH)
    answer = SealedTextField(context="challenge.human_check.answer")
    spoken_digest = models.CharField(max_length=_DIGEST_LENGTH, blank=True, default="", db_default="")
    spoken = SealedTextField(context="challenge.human_check.spoken", null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, blank=True, choices=_REASONS)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["browser", "nonce"], condition=_LIVE, name="one_live_human_check_per_browser_and_nonce"
            ),
            models.CheckConstraint(condition=_ENDED_WITH_REASON, name="a_human_check_ends_with_a_reason"),
        )
        indexes = (models.Index(fields=["expires_at"], name="human_checks_by_expiry"),)


class Hits(models.Model):
    """The latest hits of one key under one limit.

    `key` is a keyed digest of limit and key; `instants` the hits, oldest first, each as 13 digits: milliseconds since
    1970. One column, so that one UPDATE can judge and count (on SQLite and PostgreSQL alike).
    """

    INSTANT_LENGTH = 13

    key = models.CharField(max_length=_DIGEST_LENGTH, primary_key=True)
    instants = models.TextField(default="", blank=True)
    forget_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["forget_at"], name="hits_by_forget_at"),)

    @staticmethod
    def instant(moment: datetime) -> str:
        """Return `moment` as it stands in `instants`."""
        milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
        return f"{milliseconds:0{Hits.INSTANT_LENGTH}d}"

    @property
    def moments(self) -> list[datetime]:
        """Return the hits, oldest first (aware, UTC)."""
        step = Hits.INSTANT_LENGTH
        parts = (self.instants[at : at + step] for at in range(0, len(self.instants), step))
        return [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(part)) for part in parts]
