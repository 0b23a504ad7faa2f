"""Relying parties, what people agreed to give them, and the short-lived things a sign-on is made of."""

from collections.abc import Mapping
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from tongban.accounts.models import Account, Session
from tongban.catalogue.rules import Audience
from tongban.design.spoken import Translated
from tongban.kernel import clock
from tongban.kernel.assurance import AssuranceLevel
from tongban.kernel.ids import new_id
from tongban.mandates.models import Mandate
from tongban.sso.rules import ClientAuthentication, SigningAlgorithm, UriUse
from tongban.vault.fields import SealedTextField
from tongban.vault.purposes import Purpose

_DIGEST_LENGTH = 64
_ADDRESS_LENGTH = 500
_SCOPES_LENGTH = 200


class Sector(models.Model):
    """Relying parties that may recognise a person by the same `sub` (OpenID Connect Core 1.0 §8.1).

    `salt` is made once and never changes: with it the subjects would. Without it nobody can compute or match them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100, unique=True)
    salt = SealedTextField(context="sso.sector.salt", purposes={Purpose.SIGN})
    created_at = models.DateTimeField(default=clock.now)


class RelyingParty(Translated):
    """A business system that lets the platform sign people in.

    `audience` and `required_assurance` hold for whoever comes, by whatever link; the services of the catalogue that
    lead here may ask for more. `scopes` is all it may ever ask for of people, `service_scopes` what it may do in its
    own name: a token for the one is worth nothing for the other.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client_id = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100, help_text="The system, as people know it.")
    recipient = models.CharField(max_length=200, help_text="The organisation that receives the data.")
    purpose = models.CharField(max_length=300, help_text="What it needs the data for.")
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="relying_parties")
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.BOTH)
    required_assurance = models.PositiveSmallIntegerField(default=AssuranceLevel.CROSS_CHECKED)
    scopes = models.CharField(max_length=_SCOPES_LENGTH, blank=True)
    service_scopes = models.CharField(max_length=_SCOPES_LENGTH, blank=True, default="")
    authentication = models.CharField(max_length=20, choices=ClientAuthentication.choices)
    secret_digest = models.CharField(max_length=_DIGEST_LENGTH, blank=True, default="")
    public_keys: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField(default=dict, blank=True)
    id_token_algorithm = models.CharField(
        max_length=10, choices=SigningAlgorithm.choices, default=SigningAlgorithm.ES256
    )
    initiate_login_uri = models.CharField(max_length=_ADDRESS_LENGTH, blank=True, default="")
    target_link_uri = models.CharField(max_length=_ADDRESS_LENGTH, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(authentication=ClientAuthentication.SECRET.value) & ~Q(secret_digest="")
                | ~Q(authentication=ClientAuthentication.SECRET.value) & Q(secret_digest=""),
                name="sso_secret_where_secrets_are_used",
            ),
            models.CheckConstraint(
                condition=Q(service_scopes="") | ~Q(authentication=ClientAuthentication.NONE.value),
                name="sso_service_scopes_for_confidential_clients",
            ),
            models.CheckConstraint(
                condition=Q(id_token_algorithm__in=SigningAlgorithm.values), name="sso_known_signing_algorithm"
            ),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="sso_client_audience_known"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_reason="") | Q(closed_at__isnull=False) & ~Q(closed_reason=""),
                name="sso_client_closed_with_reason",
            ),
        )

    @property
    def allowed_scopes(self) -> frozenset[str]:
        """Everything it may ask for of people."""
        return frozenset(self.scopes.split())

    @property
    def allowed_service_scopes(self) -> frozenset[str]:
        """Everything it may do in its own name."""
        return frozenset(self.service_scopes.split())

    @property
    def assurance(self) -> AssuranceLevel:
        """The lowest assurance with which people may enter."""
        return AssuranceLevel(self.required_assurance)


class RedirectUri(models.Model):
    """An address of a relying party to which browsers are sent; compared character by character."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(RelyingParty, models.CASCADE, related_name="redirect_uris")
    use = models.CharField(max_length=10, choices=UriUse.choices)
    uri = models.CharField(max_length=_ADDRESS_LENGTH)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["client", "use", "uri"], name="sso_one_row_per_redirect_uri"),
            models.CheckConstraint(condition=Q(use__in=UriUse.values), name="sso_redirect_uri_use_known"),
        )


class Grant(Translated):
    """A person agreed that a relying party receives what `scopes` say. Withdrawing is a date, not a deletion.

    `uscc` is the unit the person acted for, by a mandate: acting for another is another agreement. Empty: for oneself.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    client = models.ForeignKey(RelyingParty, models.PROTECT, related_name="grants")
    uscc = models.CharField(max_length=18, blank=True, default="")
    scopes = models.CharField(max_length=_SCOPES_LENGTH)
    purpose = models.CharField(max_length=300, help_text="The purpose as it was shown, like its translations.")
    given_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "client", "uscc"],
                condition=Q(ended_at=None),
                name="sso_one_live_grant_per_account_client_and_unit",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_reason="") | Q(ended_at__isnull=False) & ~Q(ended_reason=""),
                name="sso_grant_ended_with_reason",
            ),
        )

    def covers(self, scopes: frozenset[str]) -> bool:
        """Tell whether everything in `scopes` was agreed to."""
        return scopes <= frozenset(self.scopes.split())


class AuthorizationCode(models.Model):
    """A code on its way through the browser. Only its digest is here; it is worth something once, to one client."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=_DIGEST_LENGTH, unique=True)
    client = models.ForeignKey(RelyingParty, models.CASCADE, related_name="codes")
    account = models.ForeignKey(Account, models.CASCADE, related_name="authorization_codes")
    # No constraint: a session that has ended takes nothing with it, but nothing that hangs on it works any more.
    session = models.ForeignKey(Session, models.DO_NOTHING, db_constraint=False, related_name="+")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    redirect_uri = models.CharField(max_length=_ADDRESS_LENGTH)
    scopes = models.CharField(max_length=_SCOPES_LENGTH)
    nonce = models.TextField(blank=True, default="")
    code_challenge = models.CharField(max_length=43)
    auth_time = models.DateTimeField()
    amr = models.CharField(max_length=60)
    assurance = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    redeemed_at = models.DateTimeField(null=True)
    replayed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="sso_code_expires_later"),
            models.CheckConstraint(
                condition=Q(replayed_at=None) | Q(redeemed_at__isnull=False), name="sso_code_replayed_after_redeemed"
            ),
        )
        indexes = (models.Index(fields=["expires_at"], name="sso_codes_by_end"),)

    account_id: UUID
    session_id: UUID
    mandate_id: UUID | None


class AccessToken(models.Model):
    """What a relying party shows to receive the claims a person agreed to. The database keeps it to one per code."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=_DIGEST_LENGTH, unique=True)
    code = models.OneToOneField(AuthorizationCode, models.CASCADE, related_name="access_token")
    client = models.ForeignKey(RelyingParty, models.CASCADE, related_name="access_tokens")
    account = models.ForeignKey(Account, models.CASCADE, related_name="access_tokens")
    session = models.ForeignKey(Session, models.DO_NOTHING, db_constraint=False, related_name="+")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    scopes = models.CharField(max_length=_SCOPES_LENGTH)
    issued_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_reason="") | Q(revoked_at__isnull=False) & ~Q(revoked_reason=""),
                name="sso_token_revoked_with_reason",
            ),
        )
        indexes = (models.Index(fields=["account", "client"], name="sso_tokens_by_account"),)

    account_id: UUID
    mandate_id: UUID | None


class ClientToken(models.Model):
    """What a client shows that acts in its own name, without any person (RFC 6749 §4.4). Only its digest is here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=_DIGEST_LENGTH, unique=True)
    client = models.ForeignKey(RelyingParty, models.CASCADE, related_name="client_tokens")
    scopes = models.CharField(max_length=_SCOPES_LENGTH)
    issued_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="sso_client_token_expires_later"),
            models.CheckConstraint(condition=~Q(scopes=""), name="sso_client_token_is_for_something"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_reason="") | Q(revoked_at__isnull=False) & ~Q(revoked_reason=""),
                name="sso_client_token_revoked_with_reason",
            ),
        )
        indexes = (models.Index(fields=["expires_at"], name="sso_client_tokens_by_end"),)


class SpentAssertion(models.Model):
    """A client assertion that was used: `jti` works once (RFC 7523 §3, item 7)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(RelyingParty, models.CASCADE, related_name="spent_assertions")
    jti_digest = models.CharField(max_length=_DIGEST_LENGTH)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["client", "jti_digest"], name="sso_one_use_per_client_assertion"),
        )
        indexes = (models.Index(fields=["expires_at"], name="sso_assertions_by_end"),)


class SigningKey(models.Model):
    """A key for ID tokens. Published from `created_at`, signs from `active_from`, forgotten from `retired_at` on.

    `generation` counts up within an algorithm: two processes that both find the same key too old make one successor.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    algorithm = models.CharField(max_length=10, choices=SigningAlgorithm.choices)
    generation = models.PositiveIntegerField()
    private_key = SealedTextField(context="sso.signing_key.private_key", purposes={Purpose.SIGN})
    public_key: "models.JSONField[Mapping[str, object], Mapping[str, object]]" = models.JSONField()
    created_at = models.DateTimeField(default=clock.now)
    active_from = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["algorithm", "generation"], name="sso_one_signing_key_per_generation"),
        )

    @property
    def kid(self) -> str:
        """The key's name in the header of what it signed."""
        return self.id.hex
