"""Settings of this room that would fail later fail at start-up."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from tongban.challenge.provider import heard, made
from tongban.challenge.rules import limits

RATES = (
    "SMS_RATES_PHONE",
    "SMS_RATES_NETWORK",
    "HUMAN_CHECK_RATES_BROWSER",
    "HUMAN_CHECK_RATES_NETWORK",
    "HUMAN_CHECK_AUDIO_RATES_BROWSER",
    "HUMAN_CHECK_AUDIO_RATES_NETWORK",
)
KINDS = ("HUMAN_CHECK", "HUMAN_CHECK_WITHOUT_SCRIPT", "HUMAN_CHECK_AUDIO")


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
    """The kinds of human check that the settings name can be imported, and people need no script for theirs."""
    found: list[CheckMessage] = []
    for name in KINDS:
        try:
            kind = made(getattr(settings, name))
        except ImportError as error:
            found.append(Error(f"{name}: {error}", id="challenge.E002"))
        else:
            if kind.needs_script and name != "HUMAN_CHECK":
                found.append(Error(f"{name}: people without scripts cannot use it", id="challenge.E004"))
    return found


@register()
def human_check_can_be_heard(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The audio 验证码 has all its recordings."""
    try:
        heard().show(heard().secret(), seed="")
    except (OSError, ValueError) as error:
        return [Error(f"HUMAN_CHECK_AUDIO: {error}", id="challenge.E005")]
    except ImportError:
        return []  # said above
    return []


@register()
def puzzles_are_bearable(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An ALTCHA puzzle is neither free for machines nor endless on an old telephone."""
    bounds = {"ALTCHA_COST": (1_000, 100_000), "ALTCHA_STEPS": (2, 10_000)}
    return [
        Error(f"{name}: {getattr(settings, name)} is not between {least} and {most}", id="challenge.E006")
        for name, (least, most) in bounds.items()
        if not least <= getattr(settings, name) <= most
    ]


@register()
def codes_are_safe(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """One-time codes are as hard to guess as NIST SP 800-63B-4 §3.1.3.2 demands: 6 digits, 10 minutes at most."""
    bounds = {"ONE_TIME_CODE_DIGITS": (6, 10), "ONE_TIME_CODE_SECONDS": (60, 600), "ONE_TIME_CODE_TRIES": (1, 10)}
    return [
        Error(f"{name}: {getattr(settings, name)} is not between {least} and {most}", id="challenge.E003")
        for name, (least, most) in bounds.items()
        if not least <= getattr(settings, name) <= most
    ]
