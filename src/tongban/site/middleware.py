"""What every request passes through on its way in and every answer on its way out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tongban.web import content_policy

Answer = Callable[[HttpRequest], HttpResponse]
# Rooms whose pages say the same to everybody who is not signed in.
_PUBLIC_ROOMS = frozenset({"site", "catalogue"})


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
        response.headers.setdefault("Cache-Control", "private, no-cache" if _is_public(request) else "no-store")
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
