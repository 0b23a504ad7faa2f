"""Settings of this room that would fail later fail at start-up."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from tongban.challenge.rules import limits

RATES = ("SMS_RATES_PHONE", "SMS_RATES_NETWORK", "HUMAN_CHECK_RATES_NETWORK")


@register()
def rates_are_rates(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every setting that holds rates can be read."""
    found: list[CheckMessage] = []
    for name in RATES:
        try:
            limits(name, getattr(settings, name))
        except ValueError as error:
            found.append(Error(f"{name}: {error}", id="challenge.E001"))
    return found


@register()
def human_check_exists(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The kind of human check that the settings name can be imported."""
    try:
        import_string(settings.HUMAN_CHECK)
    except ImportError as error:
        return [Error(f"HUMAN_CHECK: {error}", id="challenge.E002")]
    return []
