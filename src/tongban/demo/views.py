"""Plain JSON for whoever plays through the demo, a person or a program. No log-in, nothing personal: all is made up."""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.audit.actors import Actor
from tongban.demo import queries, torch
from tongban.demo.accounts import ACCOUNTS
from tongban.demo.clock import MovableClock
from tongban.kernel import clock
from tongban.proofing.flows.switch_authority import switch_authority
from tongban.web.browser import browser_id
from tongban.web.doors import machine

_OPEN = machine("demonstration with made-up data; the room is absent from every other profile")


def _json(value: object) -> HttpResponse:
    answer = JsonResponse(value, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Cache-Control"] = "no-store"
    return answer


def _values(request: HttpRequest) -> dict[str, Any]:
    """Return what was posted, as JSON or as a form; raises `ValueError`."""
    if request.content_type == "application/json":
        values: dict[str, Any] = json.loads(request.body)
        return values
    return dict(request.POST.items())


@_OPEN
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Every message sent, newest first."""
    return _json(queries.outbox())


@_OPEN
@require_GET
def captcha(request: HttpRequest) -> HttpResponse:
    """The answers of the 验证码 last shown to the calling browser."""
    return _json(queries.captcha_answers(browser_id(request)))


@_OPEN
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts that exist from the start."""
    return _json([account.shown() for account in ACCOUNTS])


@_OPEN
@require_GET
def torch_accounts(request: HttpRequest) -> HttpResponse:
    """The legacy accounts one can search for, and what comes of each."""
    return _json([account.shown() for account in torch.accounts()])


@_OPEN
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The people and units that the demo authority knows."""
    return _json(queries.register())


@csrf_exempt
@_OPEN
@require_POST
def authority(request: HttpRequest) -> HttpResponse:
    """Switch the authority off or on: `{"available": true|false}`."""
    try:
        available = str(_values(request)["available"]).lower()
        if available not in {"true", "false"}:
            raise ValueError(available)
    except (ValueError, LookupError, TypeError):
        return JsonResponse({"error": "post available=true or available=false"}, status=400)
    hurried = switch_authority(actor=Actor.system(), available=available == "true")
    return _json({"available": available == "true", "asked_again": hurried})


@csrf_exempt
@_OPEN
@require_http_methods(["GET", "POST"])
def moved_clock(request: HttpRequest) -> HttpResponse:
    """Tell the platform's time, or move it: `{"offset": seconds}` ahead of the system's clock."""
    movable = MovableClock(settings.HOME / "demo-clock.json")
    if request.method == "POST":
        try:
            movable.move(timedelta(seconds=float(_values(request)["offset"])))
        except (ValueError, LookupError, TypeError, OverflowError):
            return JsonResponse({"error": "post offset=seconds"}, status=400)
    return _json({"offset": movable.offset.total_seconds(), "now": clock.now().isoformat()})
