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


@register()
def codes_are_safe(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """One-time codes are as hard to guess as NIST SP 800-63B-4 §3.1.3.2 demands: 6 digits, 10 minutes at most."""
    bounds = {"ONE_TIME_CODE_DIGITS": (6, 10), "ONE_TIME_CODE_SECONDS": (60, 600), "ONE_TIME_CODE_TRIES": (1, 10)}
    return [
        Error(f"{name}: {getattr(settings, name)} is not between {least} and {most}", id="challenge.E003")
        for name, (least, most) in bounds.items()
        if not least <= getattr(settings, name) <= most
    ]
