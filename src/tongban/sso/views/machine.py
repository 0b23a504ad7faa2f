"""Doors for programs: hand the request to the protocol and its answer back."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from tongban.sso.protocols.oidc import metadata, token_endpoint, userinfo_endpoint
from tongban.sso.protocols.oidc.wire import MAX_BODY, Answer, Call
from tongban.web.doors import machine


def _serve(request: HttpRequest, endpoint: Callable[[Call], Answer], *methods: str) -> HttpResponse:
    if request.method not in methods:
        return HttpResponseNotAllowed(methods)
    call = Call(
        method=request.method or "",
        query=request.META.get("QUERY_STRING", ""),
        body=request.read(MAX_BODY + 1),
        content_type=request.META.get("CONTENT_TYPE", ""),
        authorization=request.META.get("HTTP_AUTHORIZATION", ""),
    )
    answer = endpoint(call)
    return HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))


@csrf_exempt
@machine("the client proves itself: secret, signed assertion, or PKCE for public clients")
def token(request: HttpRequest) -> HttpResponse:
    """Exchange a code for tokens."""
    return _serve(request, token_endpoint.answer, "POST")


@csrf_exempt
@machine("the access token in the Authorization header")
def userinfo(request: HttpRequest) -> HttpResponse:
    """Return the claims a token's owner agreed to."""
    return _serve(request, userinfo_endpoint.answer, "GET", "POST")


@machine("public: says nothing of anybody")
def discovery(request: HttpRequest) -> HttpResponse:
    """Return the provider's metadata."""
    return _serve(request, metadata.discovery, "GET", "HEAD")


@machine("public: keys to check our signatures with")
def jwks(request: HttpRequest) -> HttpResponse:
    """Return the public signing keys."""
    return _serve(request, metadata.jwks, "GET", "HEAD")
