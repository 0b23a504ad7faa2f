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


def recognise(request: HttpRequest, answer: HttpResponse, account: Account) -> None:
    """Note that this browser was used for `account`, which was signed in just now, and let it keep its token."""
    had = request.COOKIES.get(NAME, "")
    token = recognise_device(
        actor=actor_of(request),
        account=account,
        token=had if _SHAPE.fullmatch(had) else "",
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
