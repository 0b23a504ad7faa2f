"""How a person wants pages to look: normal, or senior mode 长者模式 with larger text and targets."""

from enum import StrEnum

from django.http import HttpRequest, HttpResponse

COOKIE = "tongban_display"
_A_YEAR = 365 * 24 * 60 * 60  # seconds


class Mode(StrEnum):
    """What `data-mode` on `<html>` says."""

    NORMAL = "normal"
    SENIOR = "senior"


def mode(request: HttpRequest) -> Mode:
    """Return the mode kept in the browser; anything unknown is normal."""
    return Mode.SENIOR if request.COOKIES.get(COOKIE) == Mode.SENIOR else Mode.NORMAL


def keep(response: HttpResponse, wanted: Mode, *, secure: bool) -> None:
    """Keep `wanted` in the browser for a year. The cookie holds no personal data and needs no session."""
    response.set_cookie(COOKIE, wanted, max_age=_A_YEAR, httponly=True, samesite="Lax", secure=secure)
