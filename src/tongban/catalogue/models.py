"""What the operator offers: one row a service, loaded from a file the operator keeps."""

from django.db import models

from tongban.catalogue.rules import Audience, Material
from tongban.design.spoken import Translated
from tongban.kernel.assurance import AssuranceLevel
from tongban.kernel.ids import new_id


class Service(Translated):
    """A service and its guide. Withdrawn services stay as rows, so that what refers to them keeps its meaning."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    summary = models.CharField(max_length=300)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    category = models.CharField(max_length=30)
    icon = models.CharField(max_length=20, help_text="Its picture in the sprite of the design; decoration only.")
    required_assurance = models.PositiveSmallIntegerField(help_text="The lowest AssuranceLevel that may enter.")
    client_id = models.CharField(
        max_length=100, blank=True, help_text="Relying party behind 办理入口; empty: no entry."
    )
    position = models.PositiveSmallIntegerField(help_text="Place in the file, from 0: the order of every list.")

    office = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=200, blank=True)
    conditions: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, blank=True)
    materials: "models.JSONField[list[Material], list[Material]]" = models.JSONField(default=list, blank=True)
    steps: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, blank=True)
    time_limit = models.CharField(max_length=200, blank=True)
    fee = models.CharField(max_length=100, blank=True)
    legal_basis: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, blank=True)
    hotline = models.CharField(max_length=100, blank=True)
    hours = models.CharField(max_length=100, blank=True)
    how_to_get_right = models.TextField(blank=True, help_text="Who can give the right to somebody who lacks it.")
    how_to_apply = models.TextField(blank=True, help_text="Where to turn while there is no online entry.")

    search_text = models.TextField(help_text="Everything a search looks at, folded by catalogue.searching.")
    loaded_at = models.DateTimeField(help_text="When the file last changed this row.")
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="When the file ceased to name it.")

    class Meta:
        ordering = ("position", "slug")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(audience__in=Audience.values), name="catalogue_service_audience_known"
            ),
            models.CheckConstraint(
                condition=models.Q(required_assurance__in=[level.value for level in AssuranceLevel]),
                name="catalogue_service_assurance_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(client_id="", how_to_apply=""), name="catalogue_service_says_how_to_apply"
            ),
        )

    @property
    def has_entry(self) -> bool:
        """Whether one can enter it online."""
        return bool(self.client_id)

    @property
    def assurance(self) -> AssuranceLevel:
        """The lowest level of assurance that may enter."""
        return AssuranceLevel(self.required_assurance)

    @property
    def needs_verification(self) -> bool:
        """Whether only a real-name verified account may enter."""
        return self.assurance > AssuranceLevel.SELF_ASSERTED
