"""What must be true of a request before anything else looks at it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from tongban.web.address import came_through_proxy

Answer = Callable[[HttpRequest], HttpResponseBase]


def believed_scheme(answer: Answer) -> Answer:
    """Forget `X-Forwarded-Proto` unless one of our own proxies wrote it.

    Django takes the header (`SECURE_PROXY_SSL_HEADER`) from anybody: a caller could make a plain connection look
    encrypted.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        if not came_through_proxy(request):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return answer(request)

    return respond
