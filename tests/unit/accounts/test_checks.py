"""Unsafe settings refuse to start."""

import pytest
from pytest_django import Settings

from tongban.accounts import checks


def found(settings: Settings) -> list[str]:
    """Return the ids of what the checks say."""
    every = (
        checks.passwords_are_long_enough,
        checks.passwords_can_be_made,
        checks.sessions_end,
        checks.guessing_is_slowed,
    )
    return [str(message.id) for check in every for message in check(None)]


def test_the_defaults_are_safe(settings: Settings) -> None:
    assert found(settings) == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("PASSWORD_LENGTH", 7, "accounts.C001"),
        ("PASSWORD_LENGTH_STAFF", 65, "accounts.C001"),
        ("PASSWORD_COMPOSITION", -1, "accounts.C006"),
        ("PASSWORD_COMPOSITION", 5, "accounts.C006"),
        ("PASSWORD_DAYS", -1, "accounts.C006"),
        ("SESSION_IDLE_MINUTES", 0, "accounts.C002"),
        ("SESSION_IDLE_MINUTES_STAFF", 8 * 60, "accounts.C002"),
        ("SESSION_HOURS", 0, "accounts.C002"),
        ("LOG_IN_FAILURES", 0, "accounts.C003"),
        ("LOG_IN_FAILURES_NETWORK", -1, "accounts.C003"),
        ("LOG_IN_LONGEST_DELAY_SECONDS", 29, "accounts.C003"),
    ],
)
def test_unsafe_settings_are_found(settings: Settings, name: str, value: int, code: str) -> None:
    setattr(settings, name, value)
    assert found(settings) == [code]
