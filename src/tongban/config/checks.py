"""What no single room can see: whether the whole configuration is safe for its profile."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Critical, Tags, register
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from tongban.config.table import TABLE

PROFILES = ("demo", "test", "production")
DEMO_STAMP = "set-up"
"""The file in HOME that tells the demonstration what it set up last."""
_SHORTEST_SECRET = 50


@register(Tags.security)
def profile_is_known(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """PROFILE is one of three words, so that a typing error is no way out of production's checks."""
    if settings.PROFILE in PROFILES:
        return []
    return [Critical(f"PROFILE: {settings.PROFILE!r} is none of {', '.join(PROFILES)}", id="config.C001")]


@register(Tags.security)
def production_has_no_demo_part(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production no room, adapter or switch of the demonstration is on."""
    if settings.PROFILE != "production":
        return []
    return [Critical(f"{what}: a part of the demonstration in production", id="config.C002") for what in _demo_parts()]


@register(Tags.security)
def production_has_a_home_of_its_own(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production HOME is no demonstration's: everybody can read the passwords of its accounts."""
    if settings.PROFILE != "production" or not (Path(settings.HOME) / DEMO_STAMP).exists():
        return []
    return [Critical(f"HOME: {settings.HOME} holds the state of a demonstration", id="config.C008")]


@register(Tags.security)
def production_can_keep_secrets(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production cookies are signed with a secret of its own and travel over https only."""
    if settings.PROFILE != "production":
        return []
    found: list[CheckMessage] = []
    if len(_value("SECRET_KEY")) < _SHORTEST_SECRET:
        found.append(Critical(f"SECRET_KEY: at least {_SHORTEST_SECRET} random characters", id="config.C003"))
    if not settings.ADDRESS.startswith("https://"):
        found.append(Critical("ADDRESS: production is reached over https only", id="config.C004"))
    return found


@register(Tags.security)
def vendors_can_be_called(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every vendor in use has its keys and an address, and in production nothing reaches one without TLS."""
    found: list[CheckMessage] = []
    allowed = ("https://",) if settings.PROFILE == "production" else ("https://", "http://")
    if settings.VENDOR_PROXY and not settings.VENDOR_PROXY.startswith("http://"):
        found.append(Critical("VENDOR_PROXY: an address that starts with http://", id="config.C007"))
    for path in (*settings.AUTHORITY, *settings.SMS_PROVIDER):
        for name in _needed_by(path):
            value = getattr(settings, name)
            if not value:
                found.append(Critical(f"{name}: {path} cannot work without it", id="config.C005"))
            elif name.endswith("_ADDRESS") and not value.startswith(allowed):
                found.append(Critical(f"{name}: an address that starts with {' or '.join(allowed)}", id="config.C006"))
    return found


@register()
def english_is_of_texts_of_the_site(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """SITE_IN_ENGLISH translates texts that are shown, each one into a text of its own."""
    texts = settings.SITE_IN_ENGLISH
    known = {settings.SITE_NAME, settings.SITE_STRAPLINE, settings.OPERATOR, *settings.TOP_LINKS, *settings.HOTLINES}
    found: list[CheckMessage] = []
    for text, english in texts.items():
        if not isinstance(english, str) or not english.strip():
            found.append(Critical(f"SITE_IN_ENGLISH: the English of {text!r} is empty or no text", id="config.C009"))
        elif list(texts.values()).count(english) > 1:
            found.append(Critical(f"SITE_IN_ENGLISH: {english!r} is the English of two texts", id="config.C010"))
        if text not in known:
            found.append(CheckWarning(f"SITE_IN_ENGLISH: no other setting says {text!r}", id="config.W001"))
    return found


def _needed_by(path: str) -> tuple[str, ...]:
    """Return the settings an adapter says it needs; what cannot be imported is reported by its own room."""
    try:
        needed: tuple[str, ...] = getattr(import_string(path), "required", ())
    except ImportError:
        return ()
    return needed


def _value(name: str) -> Any:
    """Return the setting; Django raises where SECRET_KEY is empty, and operators shall hear of everything at once."""
    try:
        return getattr(settings, name)
    except ImproperlyConfigured:
        return ""


def _demo_parts() -> Iterator[str]:
    """Name each room and setting that belongs to a demonstration."""
    if "tongban.demo" in settings.INSTALLED_APPS:
        yield "INSTALLED_APPS"
    for setting in TABLE:
        value = _value(setting.name)
        switched_on = setting.type is bool and setting.demo is True and setting.default is False and value
        if switched_on or (setting.type in {str, list} and ".demo" in str(value)):
            yield setting.name
