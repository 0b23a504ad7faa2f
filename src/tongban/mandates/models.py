"""Mandates, from the first will to the end."""

from datetime import date, timedelta
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tongban.accounts.models import Account
from tongban.kernel import clock
from tongban.kernel.ids import new_id
from tongban.kernel.names import PersonName
from tongban.mandates.rules import EndReason, Origin, address
from tongban.vault.fields import BlindIndexField, SealedTextField
from tongban.vault.purposes import Purpose

ADDRESS_DOMAIN = "mandates.mandate.address"
LIVE = Q(ended_at__isnull=True)
BEGUN = LIVE & Q(unit_agreed_at__isnull=False, holder_agreed_at__isnull=False)
OFFER = LIVE & Q(holder__isnull=True)
REQUEST = LIVE & Q(unit__isnull=True)


class Mandate(models.Model):
    """A unit lets a person act for it in one service, from when both agreed until `until` or an earlier end.

    An offer has no `holder` yet: it is addressed to whoever is verified under `name` and reached at `contact`, so that
    making one looks nobody up. A request has no `unit` yet: it is addressed to whoever is verified for `uscc`. Rows
    that one act made share `bundle`. `rule` names what gave a mandate without the unit's own act; a rule gives each
    mandate once. `until` is exclusive; until `answer_by` an offer or a request waits for its answer.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bundle = models.UUIDField(editable=False)
    service = models.SlugField(max_length=60, help_text="The service's code in the catalogue.")
    uscc = models.CharField(max_length=18)
    unit = models.ForeignKey(Account, models.PROTECT, null=True, related_name="mandates_given")
    holder = models.ForeignKey(Account, models.PROTECT, null=True, related_name="mandates_held")
    name = SealedTextField(context="mandates.mandate.name", null=True)
    contact = SealedTextField(context="mandates.mandate.contact", null=True)
    address_index = BlindIndexField(domain=ADDRESS_DOMAIN, value="address_text", null=True)
    origin = models.CharField(max_length=16, choices=Origin.choices)
    rule = models.CharField(max_length=32, blank=True, default="")
    opened_at = models.DateTimeField(default=clock.now)
    unit_agreed_at = models.DateTimeField(null=True)
    holder_agreed_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    answer_by = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=16, choices=EndReason.choices, blank=True, default="")
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["uscc", "holder", "service"], condition=BEGUN, name="one_live_mandate_per_unit_holder_service"
            ),
            models.UniqueConstraint(
                fields=["uscc", "holder", "service"], condition=REQUEST, name="one_live_request_per_unit_and_service"
            ),
            models.UniqueConstraint(
                fields=["uscc", "address_index", "service"], condition=OFFER, name="one_live_offer_per_address"
            ),
            models.UniqueConstraint(
                fields=["uscc", "service", "rule"], condition=~Q(rule=""), name="a_rule_gives_a_mandate_once"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True, unit_agreed_at__isnull=True)
                | Q(
                    unit__isnull=False, unit_agreed_at__isnull=False, until__isnull=False, until__gt=F("unit_agreed_at")
                ),
                name="a_unit_agrees_for_a_term",
            ),
            models.CheckConstraint(
                condition=Q(holder__isnull=True, holder_agreed_at__isnull=True)
                | Q(holder__isnull=False, holder_agreed_at__isnull=False),
                name="a_holder_agrees",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(holder__isnull=False), name="a_mandate_is_somebodys_will"
            ),
            models.CheckConstraint(
                condition=Q(holder__isnull=False)
                | Q(ended_at__isnull=False)
                | Q(name__isnull=False, contact__isnull=False, address_index__isnull=False),
                name="an_offer_has_an_address",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_reason="", ended_by__isnull=True)
                | Q(ended_at__isnull=False) & ~Q(ended_reason=""),
                name="a_mandate_ends_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(rule="") | Q(origin=Origin.TRANSFER), name="rules_are_of_the_transfer"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="mandate_origin_known"),
            models.CheckConstraint(
                condition=Q(ended_reason__in=["", *EndReason.values]), name="mandate_end_reason_known"
            ),
        )
        indexes = (
            models.Index(fields=["holder", "-opened_at"], name="mandates_of_a_holder"),
            models.Index(fields=["unit", "-opened_at"], name="mandates_of_a_unit"),
            models.Index(fields=["address_index"], condition=OFFER, name="offers_by_address"),
            models.Index(fields=["uscc"], condition=REQUEST, name="requests_by_unit"),
            models.Index(fields=["until"], condition=BEGUN, name="mandates_by_end"),
            models.Index(fields=["bundle"], name="mandates_by_bundle"),
        )

    unit_id: UUID | None
    holder_id: UUID | None

    @property
    def is_begun(self) -> bool:
        """Whether both sides agreed, whatever came after."""
        return self.unit_agreed_at is not None and self.holder_agreed_at is not None

    @property
    def last_day(self) -> date | None:
        """The last day of the term, as calendars in China count; `None` while no unit has set one."""
        return timezone.localtime(self.until - timedelta(seconds=1)).date() if self.until else None

    def address_text(self) -> str | None:
        """Return the address for its index."""
        if self.name is None or self.contact is None:
            return None
        name = PersonName.parse(self.name.reveal(Purpose.REENCRYPT))
        return address(name, self.contact.reveal(Purpose.REENCRYPT))
