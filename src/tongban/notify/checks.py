"""The providers of SMS are right for the profile, or the platform does not start."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from tongban.design import display
from tongban.notify.errors import OutsideDemo
from tongban.notify.provider import SmsProvider, providers
from tongban.notify.vendor_templates import registered_name, to_register

_READ_IN_CHINESE = (
    "Whoever reads English gets these in Chinese: register the texts of `tongban sms templates VENDOR` and name them."
)


@checks.register()
def sms_provider_is_right(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """There is a provider, each can be imported, none is a demonstration's in production, each message has one."""
    try:
        found = providers()
    except OutsideDemo:
        return [checks.Critical("SMS_PROVIDER: the demonstration's provider outside a demonstration", id="notify.E001")]
    except ImportError as error:
        return [checks.Error(f"SMS_PROVIDER: {error}", id="notify.E002")]
    if not found:
        hint = "Nobody can register or reset a password until SMS_PROVIDER names a provider."
        return [checks.Warning("SMS_PROVIDER is empty: SMS wait in the outbox", hint=hint, id="notify.W001")]
    return _templates(found)


@checks.register()
def lease_outlasts_a_vendor(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A worker is not given up while a vendor may still answer it: two would hand over one message."""
    if settings.SMS_LEASE_SECONDS > settings.SMS_TIMEOUT:
        return []
    return [checks.Error("SMS_LEASE_SECONDS: must be longer than SMS_TIMEOUT", id="notify.E004")]


def _lacking(registered: set[str] | None, language: str) -> set[str]:
    """Return the SMS that a vendor has no template for in `language`; one that needs none (`None`) lacks nothing."""
    if registered is None:
        return set()
    return _named(language) - registered


def _named(language: str) -> set[str]:
    return {registered_name(template, code) for template, code in to_register() if code == language}


def _templates(found: list[SmsProvider]) -> list[checks.CheckMessage]:
    """Every SMS must be registered with one vendor at least; with a vendor that lacks it, that vendor is no help."""
    messages: list[checks.CheckMessage] = []
    missing = []
    for vendor in found:
        table = getattr(vendor, "templates", None)
        registered = set(getattr(settings, table)) if table else None
        lacking = _lacking(registered, settings.LANGUAGE_CODE)
        missing.append(lacking)
        if lacking:
            text = f"{table}: no template for {', '.join(sorted(lacking))}"
            messages.append(checks.Warning(text, id="notify.W002"))
        for code in display.TAGS.keys() - {settings.LANGUAGE_CODE}:
            if names := _lacking(registered, code):
                which = "any SMS" if names == _named(code) else ", ".join(sorted(names))
                text = f"{table}: no template in {code} for {which}"
                messages.append(checks.Warning(text, hint=_READ_IN_CHINESE, id="notify.W003"))
    if nobody := set.intersection(*missing):
        text = f"SMS_PROVIDER: no vendor has a template for {', '.join(sorted(nobody))}"
        messages.append(checks.Error(text, id="notify.E003"))
    return messages
