"""Whom a service is for, and what is said about it. No database."""

from dataclasses import dataclass, field
from typing import TypedDict

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tongban.design.spoken import Translations
from tongban.kernel.assurance import AssuranceLevel


class Audience(TextChoices):
    """Whom a service is for. The first two labels are the tabs of the seed's guide, to the character."""

    NATURAL = "natural", _("自然人")
    LEGAL = "legal", _("法人单位")
    BOTH = "both", _("自然人、法人单位")


class Material(TypedDict):
    """One thing to bring: its name, its form (original, copy …) and what to mind; the last two may be empty."""

    name: str
    form: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntry:
    """One service as a catalogue file describes it; the fields are those of the model.

    `translations` are the texts of `TRANSLATED` in other languages.
    """

    slug: str
    name: str
    summary: str
    audience: Audience
    category: str
    icon: str
    required_assurance: AssuranceLevel
    client_id: str
    office: str
    result: str
    conditions: list[str]
    materials: list[Material]
    steps: list[str]
    time_limit: str
    fee: str
    legal_basis: list[str]
    hotline: str
    hours: str
    how_to_get_right: str
    how_to_apply: str
    translations: Translations = field(default_factory=dict)


TRANSLATED = (
    "name", "summary", "category", "office", "result", "conditions", "materials", "steps", "time_limit", "fee",
    "legal_basis", "hours", "how_to_get_right", "how_to_apply",
)  # fmt: skip
"""The fields of a `ServiceEntry` that people read."""
