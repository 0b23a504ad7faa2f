"""Pages handed out again: the same for all who pass by, never somebody's."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory, override_settings
from django.utils.translation import override

from tongban.design import display
from tongban.design.kept_pages import kept

LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "kept"}}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture(autouse=True)
def local_cache() -> Iterator[None]:
    with override_settings(CACHES=LOCAL):
        cache.clear()
        yield


class Drawn:
    """A view that counts how often it draws."""

    def __init__(self, status: int = 200) -> None:
        self.times, self.status = 0, status
        self.view = kept(60)(self._draw)

    def _draw(self, request: HttpRequest) -> HttpResponse:
        self.times += 1
        token = get_token(request)
        form = f'<input name="csrfmiddlewaretoken" value="{token}">'
        return HttpResponse(f"{self.times} {request.GET.get('q', '')} {form * 2}", status=self.status)


def visit(path: str = "/", **cookies: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.session = SessionBase()
    request.COOKIES.update(cookies)
    return request


def test_a_page_is_drawn_once_for_all_who_pass_by() -> None:
    drawn = Drawn()
    assert [drawn.view(visit()).content[:1] for _ in range(3)] == [b"1", b"1", b"1"]


def test_each_visitor_gets_a_token_that_is_theirs() -> None:
    drawn, requests = Drawn(), [visit() for _ in range(3)]
    pages = [drawn.view(request).content.decode() for request in requests]
    tokens = [TOKEN.findall(page) for page in pages]
    assert all(len(set(found)) == 1 and len(found) == 2 for found in tokens)
    assert len({found[0] for found in tokens}) == 3
    secrets = {request.META["CSRF_COOKIE"] for request in requests}
    assert len(secrets) == 3
    assert b"\x00" not in "".join(pages).encode()


@pytest.mark.parametrize("cookie", ["tongban_session", "messages"])
def test_who_brings_something_gets_a_page_of_their_own(cookie: str) -> None:
    drawn = Drawn()
    drawn.view(visit())
    assert drawn.view(visit(**{cookie: "x"})).content.startswith(b"2")
    assert drawn.view(visit("/?q=secret")).content.startswith(b"3 secret")
    post = RequestFactory().post("/")
    assert drawn.view(post).content.startswith(b"4")
    assert drawn.view(visit()).content.startswith(b"1 ")


def test_a_page_is_kept_by_address_language_and_display_mode() -> None:
    drawn = Drawn()
    for request in (visit(), visit("/other/"), visit(**{display.COOKIE: display.Mode.SENIOR})):
        drawn.view(request)
    with override("en"):
        drawn.view(visit())
    assert drawn.times == 4


def test_what_is_not_a_page_is_not_kept() -> None:
    drawn = Drawn(status=302)
    drawn.view(visit())
    drawn.view(visit())
    assert drawn.times == 2
