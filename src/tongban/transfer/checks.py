"""Start-up checks of the room."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Critical, Error, Tags, register

from tongban.challenge.limits import limits

RATES = ("TRANSFER_SEARCH_RATES_NETWORK", "TRANSFER_SEARCH_RATES_PHONE", "TRANSFER_SEARCHERS_PER_PERSON")
_LONGEST_TICK = 2.0


@register(Tags.security)
def legacy_passwords_end(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The last day of legacy passwords is a date, or there is none; answers wait a while, but not long."""
    found: list[CheckMessage] = []
    if settings.LEGACY_PASSWORDS_UNTIL:
        try:
            date.fromisoformat(settings.LEGACY_PASSWORDS_UNTIL)
        except ValueError:
            found.append(Critical("LEGACY_PASSWORDS_UNTIL: a date such as 2027-12-31, or nothing", id="transfer.C001"))
    if not 0 < settings.LEGACY_LOG_IN_TICK <= _LONGEST_TICK:
        found.append(Critical(f"LEGACY_LOG_IN_TICK: more than 0, at most {_LONGEST_TICK:g}", id="transfer.C002"))
    return found


@register()
def rates_are_rates(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every setting that holds rates can be read."""
    found: list[CheckMessage] = []
    for name in RATES:
        try:
            limits(name, getattr(settings, name))
        except ValueError as error:
            found.append(Error(f"{name}: {error}", id="transfer.E001"))
    return found
