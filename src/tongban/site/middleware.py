"""What every request passes through on its way in and every answer on its way out."""

import logging
import secrets
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from tongban.audit import context as audit_context
from tongban.challenge.errors import TooManyRequests
from tongban.design import display
from tongban.site import error_pages
from tongban.vault import digests
from tongban.web import address, content_policy

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger(__name__)
# Rooms whose pages say the same to everybody who is not signed in.
_PUBLIC_ROOMS = frozenset({"site", "catalogue"})


def request_context(answer: Answer) -> Answer:
    """Give the request an id that its audit events, its error page and its answer carry."""

    def respond(request: HttpRequest) -> HttpResponse:
        request_id = request.META[audit_context.REQUEST_ID] = secrets.token_hex(8)
        network = digests.keyed("site.network", address.network(request))
        with audit_context.bind(request_id=request_id, network=network):
            response = answer(request)
        response.headers["X-Request-ID"] = request_id
        return response

    return respond


def language(answer: Answer) -> Answer:
    """Speak the language chosen in this browser: Chinese until somebody chooses another.

    What the browser says it prefers (Accept-Language) does not decide: browsers say so by themselves, and whoever
    follows a printed guide in Chinese must find its words. A business system may pass on what its page is in
    (`ui_locales`, OpenID Connect Core 3.1.2.1); that is kept like a choice, for the pages that follow.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        passed_on = display.passed_on_language(request)
        chosen = passed_on or display.language(request)
        with translation.override(chosen):
            response = answer(request)
        response.headers.setdefault("Content-Language", display.TAGS[chosen])
        if passed_on:
            display.keep_language(response, passed_on, secure=request.is_secure())
        return response

    return respond


def security_headers(answer: Answer) -> Answer:
    """Tell the browser what pages may do; Django's own middleware adds nosniff, Referrer-Policy and HSTS."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", content_policy.header())
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    return respond


def no_store(answer: Answer) -> Answer:
    """Let no cache keep a page that is somebody's: all pages of the signed-in, all pages with a form of their own.

    Public reading pages may stay in the browser that asked, which asks again before it shows them.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-cache" if _is_public(request) else "no-store"
        return response

    return respond


def _is_public(request: HttpRequest) -> bool:
    match = request.resolver_match
    return (
        request.method in {"GET", "HEAD"}
        and match is not None
        and match.namespace in _PUBLIC_ROOMS
        and not request.user.is_authenticated
    )


class HelpfulErrors:
    """Turn what a view cannot answer into a page that says what to do."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Draw a page where Django would send an empty 405."""
        response = self._answer(request)
        wants_page = "text/html" in request.headers.get("Accept", "")
        if response.status_code == 405 and wants_page and not response.content:
            return error_pages.not_allowed(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 429 where a limit was reached and 503 where the database does not answer."""
        if isinstance(exception, TooManyRequests):
            return error_pages.too_many_requests(request, retry_at=exception.retry_at)
        if isinstance(exception, OperationalError | InterfaceError):
            log.error("the database does not answer", exc_info=exception)
            return error_pages.unavailable(request)
        return None
