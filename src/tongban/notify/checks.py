"""The provider of SMS is right for the profile, or the platform does not start."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks

from tongban.notify.errors import OutsideDemo
from tongban.notify.provider import provider


@checks.register()
def sms_provider_is_right(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """There is a provider, it can be imported, and it is no demonstration's in production."""
    try:
        found = provider()
    except OutsideDemo:
        return [checks.Critical("SMS_PROVIDER: the demonstration's provider outside a demonstration", id="notify.E001")]
    except ImportError as error:
        return [checks.Error(f"SMS_PROVIDER: {error}", id="notify.E002")]
    if found is None:
        hint = "Nobody can register or reset a password until SMS_PROVIDER names a provider."
        return [checks.Warning("SMS_PROVIDER is empty: SMS wait in the outbox", hint=hint, id="notify.W001")]
    return []
