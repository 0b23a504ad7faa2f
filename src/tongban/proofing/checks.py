"""Start-up checks of the room."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Critical, Error, register

from tongban.challenge.limits import limits
from tongban.proofing.authority import configured
from tongban.proofing.errors import AuthorityMisconfigured


@register()
def authority(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """There must be an authority, and in production it must be a real one that nobody can make answer as they like."""
    found: list[CheckMessage] = []
    try:
        configured()
    except AuthorityMisconfigured:
        found.append(Error(f"AUTHORITY: {settings.AUTHORITY} is no authority", id="proofing.E001"))
    if settings.REGISTER_REHEARSAL and settings.PROFILE == "production":
        found.append(Critical("REGISTER_REHEARSAL lets a file force answers: not in production", id="proofing.E002"))
    return found


@register()
def rates(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The limits must be readable."""
    found: list[CheckMessage] = []
    for name in ("PROOFING_PER_ACCOUNT", "PROOFING_PER_DOCUMENT", "PROOFING_REVIEWS_PER_ACCOUNT"):
        try:
            limits(name, getattr(settings, name))
        except ValueError as error:
            found.append(Error(f"{name}: {error}", id="proofing.E003"))
    return found
