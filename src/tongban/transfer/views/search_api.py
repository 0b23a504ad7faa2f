"""The account search, for systems that ask in their own name: JSON in, JSON out, RFC 9457 problems."""

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from tongban.accounts import hints
from tongban.accounts.sentences import sentence as sentence_of
from tongban.audit.actors import Actor
from tongban.challenge.errors import CodeRejected, TooManyRequests
from tongban.design import display
from tongban.design.sentences import sentence as sentence_of_value
from tongban.kernel import clock
from tongban.kernel.errors import Invalid
from tongban.kernel.mobile import Mobile
from tongban.kernel.uscc import Uscc
from tongban.sso.protocols.oidc import bearer
from tongban.sso.protocols.oidc.errors import InsufficientScope, InvalidToken
from tongban.sso.rules import ServiceScope
from tongban.transfer import openapi, problems
from tongban.transfer.answers import PAGES, Step
from tongban.transfer.flows.search_person import search_person
from tongban.transfer.flows.search_unit import search_unit
from tongban.transfer.flows.send_search_code import send_search_code
from tongban.transfer.problems import Flaw, Problem
from tongban.transfer.searching import Finding
from tongban.web.address import network_of
from tongban.web.doors import machine

SOURCE = "transfer"
"""Under which name the log-in windows know references to legacy accounts."""
_LONGEST_BODY = 4096
_NAME = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SCOPE = ServiceScope.ACCOUNT_SEARCH

Question = dict[str, Any]
Handler = Callable[[Actor, Question], tuple[int, Mapping[str, Any]]]
T = TypeVar("T")


@machine("public: describes the API, says nothing of anybody")
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI document."""
    answer = JsonResponse(openapi.document(), json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


def _door(handler: Handler) -> Callable[[HttpRequest], HttpResponse]:
    """Answer a POST of a client with the scope, in JSON whatever happens.

    Programs say on purpose which language the sentences for their visitor are to be in (Accept-Language, RFC 9110).
    """

    @csrf_exempt
    @machine("a client's own access token with the scope account-search")
    @wraps(handler)
    def view(request: HttpRequest) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            answer = _answer(handler, request)
            answer["Content-Language"] = display.html_language()
        answer["Cache-Control"] = "no-store"
        return answer

    return view


def _answer(handler: Handler, request: HttpRequest) -> HttpResponse:
    try:
        actor = _caller(request)
        status, document = handler(actor, _question(request))
    except Problem as problem:
        return JsonResponse(
            problem.document(),
            status=problem.kind.status,
            headers=dict(problem.headers),
            content_type=problems.MEDIA_TYPE,
            json_dumps_params={"ensure_ascii": False},
        )
    return JsonResponse(document, status=status, json_dumps_params={"ensure_ascii": False})


@_door
def unit_search(actor: Actor, question: Question) -> tuple[int, Mapping[str, Any]]:
    """Say what became of a unit's account."""
    uscc = _value(question, "uscc", Uscc.parse)
    network = _network(question)
    _nothing_else(question, "uscc", "searcher")
    with _Refusals():
        return 200, _told(search_unit(actor=actor, uscc=uscc, network=network))


@_door
def person_code(actor: Actor, question: Question) -> tuple[int, Mapping[str, Any]]:
    """Send a code to the phone by which a person wants to search."""
    phone = _value(question, "phone", Mobile.parse)
    searcher, network = _searcher(question), _network(question)
    _nothing_else(question, "phone", "searcher")
    with _Refusals("/phone"):
        sent = send_search_code(actor=actor, phone=phone, searcher=searcher, network=network)
    now = clock.now()
    return 202, {
        "expires_in": math.ceil((sent.expires_at - now).total_seconds()),
        "resend_in": max(0, math.ceil((sent.resend_at - now).total_seconds())),
    }


@_door
def person_search(actor: Actor, question: Question) -> tuple[int, Mapping[str, Any]]:
    """Say what became of a person's account."""
    phone = _value(question, "phone", Mobile.parse)
    code = _text(question, "code")
    searcher, network = _searcher(question), _network(question)
    _nothing_else(question, "phone", "code", "searcher")
    with _Refusals("/code"):
        return 200, _told(search_person(actor=actor, phone=phone, code=code, searcher=searcher, network=network))


def _told(found: Finding) -> dict[str, Any]:
    """Return an answer: the same members whatever was found."""
    step = found.answer.step
    address = settings.ADDRESS + reverse(PAGES[found.answer.realm, step])
    if step is Step.LOG_IN and found.legacy_id:
        address += "?" + urlencode({hints.PARAMETER: hints.make(SOURCE, found.legacy_id)})
    return {
        "outcome": found.outcome.value,
        "realm": found.answer.realm.value,
        "login_name": found.login_name or None,
        "password": found.answer.password.value if found.answer.password else None,
        "next_step": {"act": step.value, "address": address},
    }


class _Refusals:
    """Turns what the flows refuse into problems; `pointer` is what has to be typed anew."""

    def __init__(self, pointer: str = "") -> None:
        self._pointer = pointer

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, CodeRejected):
            detail = sentence_of(error)
            raise Problem(problems.CODE, detail, (Flaw(self._pointer, error.code, detail),)) from error
        if isinstance(error, TooManyRequests):
            seconds = max(1, math.ceil((error.retry_at - clock.now()).total_seconds()))
            headers, extra = {"Retry-After": str(seconds)}, {"retry_after": seconds}
            raise Problem(problems.TOO_MANY, sentence_of(error), headers=headers, extra=extra) from error


def _caller(request: HttpRequest) -> Actor:
    """Return the client whose token is shown; raises `Problem`."""
    authorization = request.headers.get("Authorization", "")
    try:
        return Actor.client(bearer.client_with(_SCOPE, authorization))
    except (InvalidToken, InsufficientScope) as error:
        kind = problems.UNAUTHORIZED if isinstance(error, InvalidToken) else problems.FORBIDDEN
        challenge = bearer.challenge("account-search", error, authorization=authorization, scope=_SCOPE.value)
        raise Problem(kind, headers={"WWW-Authenticate": challenge}) from error


def _question(request: HttpRequest) -> Question:
    if request.method != "POST":
        raise Problem(problems.METHOD, headers={"Allow": "POST"})
    if request.content_type != "application/json":
        raise Problem(problems.MEDIA)
    body = request.read(_LONGEST_BODY + 1)
    if len(body) > _LONGEST_BODY:
        raise Problem(problems.TOO_LARGE)
    try:
        question = json.loads(body)
    except ValueError as error:
        raise Problem(problems.MALFORMED) from error
    if not isinstance(question, dict):
        raise Problem(problems.MALFORMED)
    return question


def _text(container: Mapping[str, Any], *path: str) -> str:
    """Return the string at `path`; raises `Problem` that points at it."""
    value: Any = container
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, str):
        raise _flawed(path, "missing", _("缺少这一项，或它不是字符串。"))
    return value


def _value(question: Question, name: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(_text(question, name))
    except Invalid as error:
        raise _flawed((name,), error.code, sentence_of_value(error)) from error


def _network(question: Question) -> str:
    """Return the network the client says the person calls from."""
    found = network_of(_text(question, "searcher", "network"))
    if found is None:
        raise _flawed(("searcher", "network"), "address", _("不是 IP 地址。"))
    return found


def _searcher(question: Question) -> str:
    """Return the client's name for the person's browser."""
    name = _text(question, "searcher", "id")
    if not _NAME.fullmatch(name):
        raise _flawed(("searcher", "id"), "form", _("应为16至64个字母、数字、下划线或短横线。"))
    return name


def _nothing_else(question: Question, *names: str) -> None:
    """Refuse members nobody reads: a slip in a name must not pass as a member left out."""
    for name in question:
        if name not in names:
            raise _flawed((name,), "unknown", _("没有这一项。"))


def _flawed(path: tuple[str, ...], code: str, detail: str) -> Problem:
    escaped = (part.replace("~", "~0").replace("/", "~1") for part in path)
    return Problem(problems.INVALID, detail, (Flaw("/" + "/".join(escaped), code, detail),))
