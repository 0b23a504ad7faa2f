"""Before what weighs most staff prove themselves again: a session that was left open is not enough."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.kernel import clock
from tongban.web.next_page import with_next

_PROVED_AT = "factor_proved_at"
View = Callable[..., HttpResponseBase]


def note(request: HttpRequest) -> None:
    """Remember in the session that its person gave a second factor just now."""
    request.session[_PROVED_AT] = clock.now().isoformat()


def fresh_factor(view: View) -> View:
    """Let `view`, which lies behind a door for staff, be used only by who gave a second factor a short while ago.

    Others are led to where they give it, and back. A form is opened with at least half of the time left, so that
    there is time to fill it in.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        time = timedelta(minutes=settings.STEP_UP_MINUTES)
        is_form = request.method in {"GET", "HEAD"}
        if _age(request) <= (time / 2 if is_form else time):
            return view(request, *args, **kwargs)
        if not is_form:
            messages.warning(request, _("距离上次验证太久，刚才的内容没有提交。请验证后重新填写。"))
        return redirect(with_next(reverse("accounts:confirm-factor"), request.path))

    return guarded


def _age(request: HttpRequest) -> timedelta:
    proved_at = request.session.get(_PROVED_AT)
    return clock.now() - datetime.fromisoformat(proved_at) if proved_at else timedelta.max
