"""The cookie by which a browser is recognised as one that was used before. It signs nobody in."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tongban.accounts.callers import actor_of
from tongban.accounts.flows.recognise_device import recognise_device
from tongban.accounts.models import Account

NAME = "tongban_device"
_SHAPE = re.compile(r"[\w-]{22}", re.ASCII)
_DAY = 24 * 60 * 60  # seconds


def token_of(request: HttpRequest) -> str:
    """Return the token that the browser shows, or "" when it shows none that we could have given out."""
    had = request.COOKIES.get(NAME, "")
    return had if _SHAPE.fullmatch(had) else ""


def recognise(request: HttpRequest, answer: HttpResponse, account: Account) -> None:
    """Note that this browser was used for `account`, which was signed in just now, and let it keep its token."""
    token = recognise_device(
        actor=actor_of(request),
        account=account,
        token=token_of(request),
        user_agent=request.headers.get("User-Agent", ""),
    )
    answer.set_cookie(
        NAME,
        token,
        max_age=settings.DEVICE_DAYS * _DAY,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
