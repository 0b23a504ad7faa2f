"""Start-up checks of the room."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Critical, Error, Tags, register
from django.db import DatabaseError

from tongban.challenge.limits import limits
from tongban.proofing.authority import configured
from tongban.proofing.errors import AuthorityMisconfigured
from tongban.proofing.queries import holds_rehearsal


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


@register(Tags.database)
def no_rehearsal(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """In production the database is no demonstration's: its made-up people would be verified, its passwords are known.

    A database that does not answer, or has no tables yet, holds nothing of the kind.
    """
    if settings.PROFILE != "production" or not databases:
        return []
    try:
        found = holds_rehearsal()
    except DatabaseError:
        return []
    sentence = (
        "DATABASE: it holds forced answers of a rehearsal or demonstration; production starts with one of its own"
    )
    return [Critical(sentence, id="proofing.E004")] if found else []


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
