"""The picture 验证码."""

import math
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from tongban.challenge import limits
from tongban.challenge.errors import TooManyRequests
from tongban.challenge.flows.human_check import new_picture
from tongban.kernel import clock
from tongban.web.address import network
from tongban.web.browser import browser_id
from tongban.web.doors import anyone

_NONCE = re.compile(r"[A-Za-z0-9_-]{1,64}")


@anyone
@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """Answer with a picture for this browser: a new one for every value of `turn`, the same one for the same value."""
    nonce = request.GET.get("turn", "")
    try:
        limits.consume_all(
            (limit, network(request)) for limit in limits.limits("picture", settings.HUMAN_CHECK_RATES_NETWORK)
        )
    except TooManyRequests as error:
        seconds = math.ceil((error.retry_at - clock.now()).total_seconds())
        return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
    shown = new_picture(browser=browser_id(request), nonce=nonce if _NONCE.fullmatch(nonce) else "")
    return HttpResponse(shown.body, content_type=shown.media_type, headers={"Cache-Control": "no-store"})
