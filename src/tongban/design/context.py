"""What `design/page.html` needs to know on every page."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tongban.design import display, menus
from tongban.design.spoken import site_text


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the site's identity, its menus and how this browser wants to see them.

    Rooms above add to it: `acting_as` (the unit's name while somebody acts for it), `session_seconds` (seconds until
    an idle session ends; absent for anonymous pages), `account_name`.
    """
    return {
        "site_name": site_text(settings.SITE_NAME),
        "site_strapline": site_text(settings.SITE_STRAPLINE),
        "emblem": settings.EMBLEM,
        "demo_strip": settings.PROFILE != "production",
        "top_links": _labelled(settings.TOP_LINKS),
        "hotlines": _labelled(settings.HOTLINES),
        "operator": site_text(settings.OPERATOR),
        "site_code": settings.SITE_CODE,
        "filing_number": settings.FILING_NUMBER,
        "display_mode": display.mode(request),
        "html_language": display.html_language(),
        "other_languages": display.other_languages(),
        # Called where they are drawn; which entry is current depends on the view alone.
        "navigation": lambda: menus.links(menus.NAVIGATION, request.path),
        "account_menu": lambda: menus.account(_realm(request), request.path),
        "view_name": request.resolver_match.view_name if request.resolver_match else "",
    }


def _labelled(values: Mapping[str, str]) -> dict[str, str]:
    """Return `values` with their labels in the language spoken now; two labels may have one translation."""
    return {site_text(label): value for label, value in values.items()}


def _realm(request: HttpRequest) -> str:
    """Return the realm of who is signed in, as far as a room below accounts can know."""
    return str(getattr(getattr(request, "user", None), "realm", ""))
