"""Start-up checks of the room."""

from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Critical, Tags, register
from django.core.checks import Warning as CheckWarning

_WHOLE_WORLD = 0


@register(Tags.security)
def proxies_are_networks(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """TRUSTED_PROXIES are networks, and not all there are: then anybody could say they are somebody else."""
    return [
        Critical(f"TRUSTED_PROXIES: {proxy!r} is no network of proxies, such as 10.0.0.0/8", id="web.C001")
        for proxy in settings.TRUSTED_PROXIES
        if not _is_network(proxy)
    ]


@register(Tags.security)
def production_knows_its_proxy(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A server without TLS stands behind a proxy: unless that is believed, everybody comes from its network."""
    if settings.PROFILE != "production" or settings.TRUSTED_PROXIES:
        return []
    told = "TRUSTED_PROXIES is empty: whoever comes through the proxy counts as one network, and shares its limits"
    hint = "Name the proxy that ends TLS, such as 127.0.0.1/32; see docs/operations.md."
    return [CheckWarning(told, hint=hint, id="web.W001")]


def _is_network(text: str) -> bool:
    try:
        return ip_network(text, strict=False).prefixlen > _WHOLE_WORLD
    except ValueError:
        return False
