"""Start-up checks of the room."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register

from tongban.audit import guard, keys
from tongban.kernel.key_ring import KeyRingError


@register(Tags.security)
def audit_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The audit keys must be readable, private and complete, or nothing starts."""
    try:
        ring = keys.key_file().ring()
        unknown = {ring.current(use).suite for use in keys.USES} - set(keys.HASHES)
    except KeyRingError as error:
        return [Error(f"audit keys: {error}", id="audit.E001")]
    return [Error(f"audit keys: unknown suite {suite}", id="audit.E002") for suite in sorted(unknown)]


@register(Tags.database)
def audit_guard(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every trigger that keeps events append-only must be in the database."""
    if not databases:
        return []
    return [Error(f"the trigger {name} is missing from the database", id="audit.E003") for name in guard.missing()]
