"""Pages that are the same for everybody who only passes by: drawn once, then handed out for a while."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from tongban.design import display

P = ParamSpec("P")
_View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_MESSAGES = "messages"
"""The cookie in which Django keeps messages between two pages."""
_TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[^"]+')
_BLANK = b"\x00token\x00"


def kept(seconds: int) -> Callable[[_View[P]], _View[P]]:
    """Hand out the page of a view again for `seconds` to visitors who bring nothing that could change it.

    A visitor brings something when there is a session, a message, a query or a form. Kept are pages alone (status
    200), by address, language and display mode; a form in them gets each visitor's own token.
    """

    def decorate(view: _View[P]) -> _View[P]:
        @wraps(view)
        def respond(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not _passes_by(request):
                return view(request, *args, **kwargs)
            key = f"kept:{request.path}:{get_language()}:{display.mode(request)}"
            content = cache.get(key)
            if content is None:
                response = view(request, *args, **kwargs)
                if response.status_code == 200:
                    cache.set(key, _TOKEN.sub(_BLANK, response.content), seconds)
                return response
            if _BLANK in content:
                content = content.replace(_BLANK, get_token(request).encode())
            return HttpResponse(content)

        return respond

    return decorate


def _passes_by(request: HttpRequest) -> bool:
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and _MESSAGES not in request.COOKIES
    )
