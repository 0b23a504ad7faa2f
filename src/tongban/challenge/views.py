"""The 验证码: its picture, its sound, and the puzzle for scripts."""

import math
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongban.challenge import limits
from tongban.challenge.errors import NoPuzzle, TooManyRequests
from tongban.challenge.flows.human_check import new_picture, new_puzzle, new_sound
from tongban.challenge.provider import Shown
from tongban.kernel import clock
from tongban.web.address import network
from tongban.web.browser import browser_id
from tongban.web.doors import anyone
from tongban.web.parts import part_of

_NONCE = re.compile(r"[A-Za-z0-9_-]{1,64}")


@anyone
@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """Answer with a picture for this browser: a new one for every value of `turn`, the same one for the same value."""
    try:
        _count(request, "picture", settings.HUMAN_CHECK_RATES_BROWSER, settings.HUMAN_CHECK_RATES_NETWORK)
    except TooManyRequests as error:
        # Browsers draw it although the status says 429: a broken picture would explain nothing.
        seconds = _seconds(error)
        lines = {"first": _("操作过于频繁"), "second": _("请在 %(seconds)s 秒后换一张") % {"seconds": seconds}}
        drawn = render(request, "challenge/wait.svg", lines, content_type="image/svg+xml", status=429)
        return _refused(drawn, seconds)
    return _fresh(new_picture(browser=browser_id(request), nonce=_nonce(request)))


@anyone
@require_GET
def sound(request: HttpRequest) -> HttpResponse:
    """Answer with what is to be heard for this `turn`, in parts when asked for parts."""
    try:
        _count(request, "sound", settings.HUMAN_CHECK_AUDIO_RATES_BROWSER, settings.HUMAN_CHECK_AUDIO_RATES_NETWORK)
    except TooManyRequests as error:
        seconds = _seconds(error)
        sentence = _("操作过于频繁。请在 %(seconds)s 秒后再试。") % {"seconds": seconds}
        return _refused(HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=429), seconds)
    whole = _fresh(new_sound(browser=browser_id(request), nonce=_nonce(request)))
    return part_of(whole, request.headers.get("Range", ""))


@anyone
@require_GET
def puzzle(request: HttpRequest) -> HttpResponse:
    """Answer with a new puzzle for the script of this browser."""
    try:
        _count(request, "picture", settings.HUMAN_CHECK_RATES_BROWSER, settings.HUMAN_CHECK_RATES_NETWORK)
        return _fresh(new_puzzle(browser=browser_id(request)))
    except TooManyRequests as error:
        return _refused(HttpResponse(status=429), _seconds(error))
    except NoPuzzle:
        return HttpResponse(status=404)


def _count(request: HttpRequest, name: str, per_browser: str, per_network: str) -> None:
    """Count one hit for the browser session and its network; raises `TooManyRequests`."""
    browsers = limits.limits(f"{name}/browser", per_browser)
    networks = limits.limits(name, per_network)
    limits.consume_all(
        [*((limit, browser_id(request)) for limit in browsers), *((limit, network(request)) for limit in networks)]
    )


def _nonce(request: HttpRequest) -> str:
    turn = request.GET.get("turn", "")
    return turn if _NONCE.fullmatch(turn) else ""


def _seconds(error: TooManyRequests) -> int:
    return math.ceil((error.retry_at - clock.now()).total_seconds())


def _refused(answer: HttpResponse, seconds: int) -> HttpResponse:
    answer.headers["Retry-After"] = str(seconds)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _fresh(shown: Shown) -> HttpResponse:
    return HttpResponse(shown.body, content_type=shown.media_type, headers={"Cache-Control": "no-store"})
