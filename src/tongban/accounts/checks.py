"""Start-up checks of the room."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Critical, Tags, register

from tongban.accounts.hashers import has_pbkdf2_sm3

_SHORTEST_PASSWORD, _LONGEST_DEMAND = 8, 64
_FEWEST_ROUNDS = 100_000
_KINDS_OF_CHARACTERS = 4


@register(Tags.security)
def passwords_are_long_enough(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Passwords have 8 characters at least; more than 64 may not be demanded (OWASP ASVS 5.0 §6.2.1, §6.2.9)."""
    return [
        Critical(f"{name}: from {_SHORTEST_PASSWORD} to {_LONGEST_DEMAND} characters", id="accounts.C001")
        for name in ("PASSWORD_LENGTH", "PASSWORD_LENGTH_STAFF")
        if not _SHORTEST_PASSWORD <= getattr(settings, name) <= _LONGEST_DEMAND
    ]


@register(Tags.security)
def passwords_can_be_made(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """There are four kinds of characters to mix, and a password may be kept for a while or for ever."""
    found: list[CheckMessage] = []
    if not 0 <= settings.PASSWORD_COMPOSITION <= _KINDS_OF_CHARACTERS:
        found.append(Critical(f"PASSWORD_COMPOSITION: from 0 to {_KINDS_OF_CHARACTERS}", id="accounts.C006"))
    if settings.PASSWORD_DAYS < 0:
        found.append(Critical("PASSWORD_DAYS: 0 or more", id="accounts.C006"))
    return found


@register(Tags.security)
def sessions_end(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A session ends after a pause that is shorter than its longest life."""
    return [
        Critical(f"SESSION_IDLE_MINUTES{who}: more than 0, less than SESSION_HOURS{who}", id="accounts.C002")
        for who in ("", "_STAFF")
        if not 0 < getattr(settings, f"SESSION_IDLE_MINUTES{who}") < 60 * getattr(settings, f"SESSION_HOURS{who}")
    ]


@register(Tags.security)
def guessing_is_slowed(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The numbers that slow guessing down are above zero, and the first delay is not longer than the longest."""
    names = ("LOG_IN_FAILURES", "LOG_IN_FAILURES_NETWORK", "LOG_IN_WINDOW_SECONDS", "LOG_IN_FIRST_DELAY_SECONDS")
    found: list[CheckMessage] = [
        Critical(f"{name}: more than 0", id="accounts.C003") for name in names if getattr(settings, name) <= 0
    ]
    if settings.LOG_IN_FIRST_DELAY_SECONDS > settings.LOG_IN_LONGEST_DELAY_SECONDS:
        found.append(Critical("LOG_IN_FIRST_DELAY_SECONDS: at most LOG_IN_LONGEST_DELAY_SECONDS", id="accounts.C003"))
    return found


@register(Tags.security)
def passwords_can_be_hashed(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The preferred kind of password hash is one this machine has, and production does not make it cheap."""
    if not settings.PASSWORD_HASHERS[0].endswith("Sm3"):
        return []
    found: list[CheckMessage] = []
    if not has_pbkdf2_sm3():
        message = "PASSWORD_HASH: this machine lacks PBKDF2-HMAC-SM3, or it answers wrongly"
        found.append(Critical(message, hint="the cryptography package must be built with SM3", id="accounts.C004"))
    if settings.PROFILE == "production" and settings.PBKDF2_ITERATIONS < _FEWEST_ROUNDS:
        found.append(Critical(f"PBKDF2_ITERATIONS: at least {_FEWEST_ROUNDS}", id="accounts.C005"))
    return found
