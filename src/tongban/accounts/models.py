"""Accounts, what they claim, what they are bound to, their sessions, and the failures that slow guessing down."""

from collections.abc import Iterator
from datetime import date, datetime
from types import EllipsisType
from typing import ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from tongban.accounts.rules import (
    RESETS,
    ConsentTo,
    IdentityKind,
    InvitationKind,
    Notice,
    Realm,
    Role,
    devices,
    identity,
)
from tongban.audit.models import Inserted
from tongban.design import display
from tongban.kernel import clock
from tongban.kernel.assurance import AssuranceLevel
from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.ids import new_id
from tongban.vault.fields import BlindIndexField, SealedTextField
from tongban.vault.purposes import Purpose

PHONE_DOMAIN = "accounts.account.phone"
IDENTITY_DOMAIN = "accounts.identity_binding.index"
_DIGEST_LENGTH = 80
_UNIT_NAME_LENGTH = 200
_LIVE = Q(released_at__isnull=True)


class Account(AbstractBaseUser):
    """Who logs in. `login_name` is kept as it was typed, `login_name_key` as login names are compared.

    Staff need not have a phone. Everybody else has proved one; only to an account that was brought over from another
    platform (`transferred_at`) came a phone that nobody has proved until `phone_proved_at` says so. Since
    `weak_password_since` its password is known to break our rules, or to be guessable: it opens nothing but the page to
    replace it.

    `language` is the one its person reads: what others cause to be sent to them is in it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    realm = models.CharField(max_length=16, choices=[(realm.value, realm.name) for realm in Realm])
    login_name = models.CharField(max_length=64)
    login_name_key = models.CharField(max_length=64)
    # Django allows 128 characters; a password hash of another platform, sealed, is longer.
    password = models.CharField(max_length=512)
    phone = SealedTextField(context=PHONE_DOMAIN, null=True)
    phone_index = BlindIndexField(domain=PHONE_DOMAIN, value="phone_text", null=True)
    phone_proved_at = models.DateTimeField(null=True)
    transferred_at = models.DateTimeField(null=True)
    # The database knows the default too: rows come from the import of another platform, and from servers of the release
    # before while they are replaced one by one.
    language = models.CharField(
        max_length=16, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE, db_default=settings.LANGUAGE_CODE
    )
    created_at = models.DateTimeField(default=clock.now)
    password_changed_at = models.DateTimeField(default=clock.now)
    weak_password_since = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)
    last_login = None  # Django would write a row at every log-in
    device_seen_on: "date | EllipsisType | None" = ...
    """No column: when the browser at hand was last used for the account, where a log-in asked; `...` elsewhere."""

    # Accounts are looked up by realm and login name; Django only asks for something unique.
    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["realm", "login_name_key"], name="one_login_name_per_realm"),
            models.CheckConstraint(condition=Q(realm__in=[realm.value for realm in Realm]), name="account_has_a_realm"),
            models.CheckConstraint(
                condition=Q(realm=Realm.STAFF.value)
                | Q(phone__isnull=False, phone_index__isnull=False)
                & (Q(phone_proved_at__isnull=False) | Q(transferred_at__isnull=False)),
                name="account_has_a_proved_phone",
            ),
            models.CheckConstraint(
                condition=Q(language__in=list(display.TAGS)), name="account_reads_a_language_we_speak"
            ),
        )
        indexes = (models.Index(fields=["phone_index"], name="accounts_by_phone"),)

    @cached_property
    def roles(self) -> frozenset[str]:
        """What a member of staff may do now (values of `Role`); read once, then kept with this object."""
        if self.realm != Realm.STAFF:
            return frozenset()
        return frozenset(self.staff_roles.filter(ended_at__isnull=True).values_list("role", flat=True))

    def __str__(self) -> str:
        return str(self.id)

    def phone_text(self) -> str | None:
        """Return the phone for its index."""
        return self.phone.reveal(Purpose.REENCRYPT) if self.phone else None

    def get_session_auth_hash(self) -> str:
        """Return what a session must carry to go on: it changes with the password, not with how it is hashed."""
        value = f"{self.id}|{self.password_changed_at.isoformat()}"
        return salted_hmac("tongban.accounts.session", value, algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return nothing: sessions do not outlive the secret key."""
        return iter(())


class StaffRole(models.Model):
    """A role given to a member of staff, until it is ended. `granted_by` is staff too; nobody at the command line."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="staff_roles")
    role = models.CharField(max_length=16, choices=[(role.value, role.name) for role in Role])
    granted_at = models.DateTimeField(default=clock.now)
    granted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "role"], condition=Q(ended_at__isnull=True), name="one_live_role_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="staff_role_is_known"),
        )


class Totp(models.Model):
    """The authenticator app of a member of staff: it counts once confirmed with a code, until it is ended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="totps")
    secret = SealedTextField(
        context="accounts.totp.secret", purposes=(Purpose.MATCH, Purpose.SHOW_OWNER, Purpose.REENCRYPT)
    )
    created_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="one_live_totp_per_account"
            ),
        )


class TotpUse(models.Model):
    """A time step whose code was redeemed: there is no second time (RFC 6238, section 5.2)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    totp = models.ForeignKey(Totp, models.CASCADE, related_name="uses")
    step = models.BigIntegerField()
    used_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["totp", "step"], name="one_use_per_totp_step"),)
        indexes = (models.Index(fields=["used_at"], name="totp_uses_by_time"),)


class Passkey(models.Model):
    """A passkey of a member of staff: the public half of a key pair whose other half never leaves their device.

    It works at the host name it was made for, until it is ended. The same one is never registered twice.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="passkeys")
    name = models.CharField(max_length=64)
    host = models.CharField(max_length=253)
    credential_id = models.CharField(max_length=1364, unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField()
    is_synced = models.BooleanField()
    transports = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["account"], condition=Q(ended_at__isnull=True), name="live_passkeys"),)


class PasskeyChallenge(models.Model):
    """A challenge that was answered: there is no second time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    answered_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(fields=["answered_at"], name="passkey_challenges_by_time"),)


class Invitations(models.QuerySet["Invitation"]):
    """Links, and those of them that work."""

    def live(self, now: datetime) -> Self:
        """Return the links that can be used at `now`."""
        return self.filter(used_at__isnull=True, replaced_at__isnull=True, expires_at__gt=now)


class Invitation(models.Model):
    """A one-time link for a member of staff. The person holds the token; we keep only its digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="invitations")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.name) for kind in InvitationKind])
    token_digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    objects = Invitations.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(used_at__isnull=True, replaced_at__isnull=True),
                name="one_live_invitation_per_account",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(replaced_at__isnull=True), name="an_invitation_ends_once"
            ),
        )


class ResetRequest(models.Model):
    """An operator asks that a credential of another member of staff be replaced; a second operator settles it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="reset_requests")
    what = models.CharField(max_length=16, choices=[(kind.value, kind.name) for kind in RESETS])
    reason = SealedTextField(context="accounts.reset_request.reason")
    requested_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=clock.now)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account"], condition=Q(settled_at__isnull=True), name="one_open_reset_per_account"
            ),
            models.CheckConstraint(condition=~Q(requested_by=F("account")), name="nobody_asks_to_reset_themselves"),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("account")),
                name="nobody_resets_themselves",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True) | Q(approved=False) | ~Q(settled_by=F("requested_by")),
                name="a_reset_is_approved_by_a_second_operator",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True, settled_at__isnull=True, approved__isnull=True)
                | Q(settled_by__isnull=False, settled_at__isnull=False, approved__isnull=False),
                name="a_reset_is_settled_as_a_whole",
            ),
        )


class Suspension(models.Model):
    """An account that may not be used, since when and why; lifting it is a date with who and why.

    Nobody in `by` and `ended_by` means the command line.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="suspensions")
    reason = SealedTextField(context="accounts.suspension.reason")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    ended_reason = SealedTextField(context="accounts.suspension.ended_reason", null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="one_live_suspension_per_account"
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | ~Q(by=F("account")), name="nobody_suspends_themselves"
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | ~Q(ended_by=F("account")), name="nobody_lifts_their_own_suspension"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_reason__isnull=True)
                | Q(ended_at__isnull=False, ended_reason__isnull=False),
                name="a_suspension_ends_with_a_reason",
            ),
        )


class KnownDevice(models.Model):
    """A browser from which somebody logged in to the account. The browser holds the token; we keep its digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="devices")
    token_digest = models.CharField(max_length=64)
    last_seen_on = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "token_digest"], name="a_device_is_known_once"),)
        indexes = (models.Index(fields=["last_seen_on"], name="known_devices_by_day"),)


class NotMeLink(models.Model):
    """A link in a notice by which the owner says: that was not me. Works once, and for a while."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="not_me_links")
    about = models.CharField(max_length=16, choices=[(notice.value, notice.name) for notice in Notice])
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class LegalProfile(models.Model):
    """What a legal account says about its unit. A claim: it binds nobody until the unit is verified.

    There may be no contact's name if the account was brought over from another platform.
    `released_at` is set when another account was verified for the unit: the claim stands no more.
    """

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="legal_profile")
    unit_name = models.CharField(max_length=_UNIT_NAME_LENGTH)
    unit_name_key = models.CharField(max_length=_UNIT_NAME_LENGTH)
    uscc = models.CharField(max_length=18)
    unit_type = models.CharField(max_length=32)
    contact_name = SealedTextField(context="accounts.legal_profile.contact_name", null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["uscc"], name="legal_profiles_by_uscc"),
            models.Index(fields=["unit_name_key"], name="legal_profiles_by_unit_name"),
        )


class Consent(models.Model):
    """An account agreed to a version of a text (PIPL 14). Withdrawing is a date, not a deletion."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="consents")
    text = models.CharField(max_length=32, choices=[(text.value, text.name) for text in ConsentTo])
    version = models.CharField(max_length=32)
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "text", "version"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_live_consent_per_text_version",
            ),
        )


class IdentityBinding(models.Model):
    """A verified tie between an account and a person's document, or a unit. Live until it is released."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="bindings")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.name) for kind in IdentityKind])
    index = BlindIndexField(domain=IDENTITY_DOMAIN, value="identity")
    # A person: the document and the name on it.
    document_kind = models.CharField(max_length=64, blank=True, default="")
    country = models.CharField(max_length=3, blank=True, default="")
    number = SealedTextField(context="accounts.identity_binding.number", null=True)
    name = SealedTextField(context="accounts.identity_binding.name", null=True)
    # A unit: all of it is public.
    uscc = models.CharField(max_length=18, blank=True, default="")
    unit_name = models.CharField(max_length=_UNIT_NAME_LENGTH, blank=True, default="")
    unit_name_key = models.CharField(max_length=_UNIT_NAME_LENGTH, blank=True, default="")
    unit_type = models.CharField(max_length=32, blank=True, default="")
    assurance = models.PositiveSmallIntegerField(choices=[(level.value, level.name) for level in AssuranceLevel])
    bound_at = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True)
    released_reason = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "index"], condition=_LIVE, name="one_live_binding_per_identity"),
            models.UniqueConstraint(fields=["account", "kind"], condition=_LIVE, name="one_live_binding_per_account"),
            models.UniqueConstraint(
                fields=["unit_name_key"], condition=_LIVE & ~Q(unit_name_key=""), name="one_live_binding_per_unit_name"
            ),
            models.CheckConstraint(
                condition=Q(kind=IdentityKind.DOCUMENT.value, uscc="", unit_name_key="") & ~Q(document_kind="")
                | Q(kind=IdentityKind.UNIT.value, document_kind="") & ~Q(uscc="") & ~Q(unit_name_key=""),
                name="a_binding_is_of_a_document_or_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_reason="")
                | Q(released_at__isnull=False) & ~Q(released_reason=""),
                name="a_binding_is_released_with_a_reason",
            ),
        )
        # A file of units is compared with all bindings at once: by their codes, which are public.
        indexes = (models.Index(fields=["uscc"], condition=_LIVE & ~Q(uscc=""), name="live_bindings_by_uscc"),)

    def identity(self) -> str:
        """Return what the index is made of: see `rules.identity`."""
        if self.number is None:
            return identity(self.kind, self.uscc)
        return Document(DocumentKind(self.document_kind), self.number.reveal(Purpose.REENCRYPT), self.country).identity


class Session(Inserted):
    """A visit of a browser, signed in or not. The browser holds the key; we keep only its digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key_digest = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    data = models.TextField()
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    network = models.CharField(max_length=64, blank=True, default="")
    user_agent = models.CharField(max_length=256, blank=True, default="")

    class Meta:
        indexes = (models.Index(fields=["last_seen_at"], name="sessions_by_last_seen"),)

    account_id: UUID | None

    @property
    def device(self) -> str:
        """The system and the browser, in words their owner recognises."""
        return devices.describe(self.user_agent)


class LogInTally(models.Model):
    """Failed log-ins in a row, for one login name, one network, or the two together. `key` is a keyed digest.

    A count of a name that is there costs what a new one costs, because what changes is indexed: names that were used
    before must not stand out by time.
    """

    key = models.CharField(max_length=_DIGEST_LENGTH, primary_key=True)
    failures = models.PositiveIntegerField()
    last_failed_at = models.DateTimeField()
    remembered_until = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["remembered_until"], name="log_in_tallies_by_end"),)
