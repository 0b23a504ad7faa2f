"""What every request passes through, and the pages for when something cannot be done."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from tests.journeys.html import lint, parse, words
from tongban.audit import context as audit_context
from tongban.challenge.errors import TooManyRequests
from tongban.config.urls import urlpatterns as all_patterns
from tongban.design import display
from tongban.kernel import clock
from tongban.web import content_policy

handler400 = "tongban.site.error_pages.bad_request"
handler403 = "tongban.site.error_pages.forbidden"
handler404 = "tongban.site.error_pages.not_found"
handler500 = "tongban.site.error_pages.server_error"
seen: list[audit_context.RequestContext] = []


def _raise(make: Callable[[], Exception]) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise make()

    return view


def _context(request: HttpRequest) -> HttpResponse:
    seen.append(audit_context.current())
    return HttpResponse("seen")


urlpatterns = [
    path("broken/", _raise(lambda: RuntimeError("broken"))),
    path("too-many/", _raise(lambda: TooManyRequests(limit="x", retry_at=clock.now() + timedelta(seconds=90)))),
    path("down/", _raise(lambda: OperationalError("down"))),
    path("gone/", _raise(lambda: InterfaceError("gone"))),
    path("suspicious/", _raise(lambda: SuspiciousOperation("odd"))),
    path("forbidden/", _raise(PermissionDenied)),
    path("context/", _context),
    *all_patterns,
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False, headers={"accept": "text/html"})


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/broken/", 500, "系统出错了"),
        ("/too-many/", 429, "操作过于频繁"),
        ("/down/", 503, "服务暂时不可用"),
        ("/gone/", 503, "服务暂时不可用"),
        ("/suspicious/", 400, "请求有误"),
        ("/nowhere/", 404, "找不到这个页面"),
        ("/forbidden/", 403, "您不能打开这个页面"),
    ],
)
def test_what_cannot_be_answered_is_explained(client: Client, address: str, status: int, heading: str) -> None:
    response = client.get(address)
    assert response.status_code == status
    page = parse(response.content)
    lint(page, response.headers)
    assert words(page.find(".//h1")) == heading
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "address", ["/broken/", "/too-many/", "/down/", "/suspicious/", "/nowhere/", "/forbidden/", "/display/"]
)
def test_it_is_explained_in_english_too(client: Client, address: str) -> None:
    client.cookies[display.LANGUAGE_COOKIE] = "en"
    response = client.get(address)
    page = parse(response.content)
    lint(page, response.headers)
    assert page.get("lang") == "en"


def test_limits_say_when_to_come_back(client: Client) -> None:
    assert 85 <= int(client.get("/too-many/").headers["Retry-After"]) <= 90
    assert client.get("/down/").headers["Retry-After"] == "60"


def test_the_unavailable_page_says_what_is_safe_and_needs_no_database(client: Client) -> None:
    client.cookies["tongban_session"] = "somebody"
    with patch("django.db.backends.utils.CursorWrapper.execute", side_effect=OperationalError("down")):
        response = client.get("/account/")
    assert response.status_code == 503
    page = parse(response.content)
    lint(page, response.headers)
    assert "已经保存的内容是安全的" in words(page)
    assert response.headers["X-Request-ID"] in words(page)


def test_the_error_page_names_the_request(client: Client) -> None:
    response = client.get("/broken/")
    assert response.headers["X-Request-ID"] in words(parse(response.content))


def test_every_request_has_an_id_of_its_own_and_a_network_without_address(client: Client) -> None:
    seen.clear()
    ids = {client.get("/context/").headers["X-Request-ID"] for _ in range(2)}
    assert len(ids) == 2
    assert {context.request_id for context in seen} == ids
    assert all(context.network and "127.0.0.1" not in context.network for context in seen)
    assert audit_context.current() == audit_context.RequestContext()


def test_a_program_gets_the_bare_405(client: Client) -> None:
    response = client.get("/display/", headers={"accept": "application/json"})
    assert response.status_code == 405
    assert response.content == b""


def test_pages_name_what_they_may_load(client: Client) -> None:
    headers = client.get("/help/").headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]


def test_forms_may_lead_to_origins_that_a_room_knows() -> None:
    def origins() -> list[str]:
        return ["https://b.example", "https://a.example:8443"]

    with patch.object(content_policy, "_targets", []):
        content_policy.add_form_targets(origins)
        content_policy.add_form_targets(origins)
        assert "form-action 'self' https://a.example:8443 https://b.example;" in content_policy.header()


def test_only_public_reading_may_stay_in_the_browser(client: Client) -> None:
    assert client.get("/help/").headers["Cache-Control"] == "private, no-cache"
    assert "no-store" in client.get("/log-in/natural/").headers["Cache-Control"]
    assert client.get("/context/").headers["Cache-Control"] == "no-store"
    assert client.post("/display/").headers["Cache-Control"] == "no-store"


def test_readiness_is_that_of_the_database(client: Client) -> None:
    with patch("tongban.site.views.probes.connection.cursor", side_effect=DatabaseError):
        assert client.get("/readyz").status_code == 503
        assert client.get("/livez").status_code == 200


def test_an_unknown_host_is_refused(client: Client) -> None:
    response = client.get("/help/", headers={"host": "evil.example"})
    assert response.status_code == 400


@override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}})
def test_the_home_page_is_drawn_once_for_many(client: Client, django_assert_num_queries: Callable[..., object]) -> None:
    first = client.get("/").content
    with django_assert_num_queries(0):  # type: ignore[attr-defined]  # pytest-django's fixture is a context manager
        second = client.get("/").content
    assert words(parse(first).find(".//main")) == words(parse(second).find(".//main"))
