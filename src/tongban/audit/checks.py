"""Start-up checks of the room."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's name

from tongban.audit import guard, keys
from tongban.kernel import crypto_suites
from tongban.kernel.key_ring import KeyRingError


@register(Tags.security)
def audit_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The audit keys must be readable, private, complete and of hashes this machine has, or nothing starts."""
    try:
        ring = keys.key_file().ring()
        for use in keys.USES:
            ring.current(use)
    except KeyRingError as error:
        return [Error(f"audit keys: {error}", id="audit.E001")]
    lacking = sorted(name for name in {key.suite for key in ring.keys} if not crypto_suites.has_hash(name))
    found: list[CheckMessage] = [
        Error(f"audit keys: this machine lacks the hash {name}, or it answers wrongly", hint=_HINT, id="audit.E002")
        for name in lacking
    ]
    wanted = keys.wanted_hash()
    if not lacking and any(ring.current(use).suite != wanted for use in keys.USES):
        message = f"the audit keys are not of the configured suite ({wanted})"
        found.append(Warning(message, hint="run `tongban audit rotate`", id="audit.W001"))
    return found


_HINT = "OpenSSL must be built with it, and its configuration must not forbid it"


@register(Tags.database)
def audit_guard(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every trigger that keeps events append-only must be in the database."""
    if not databases:
        return []
    return [Error(f"the trigger {name} is missing from the database", id="audit.E003") for name in guard.missing()]
