"""Doors let in whom they name and lead everybody else to a log-in window."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import RequestFactory
from django.urls import path
from pytest_django import Settings

from tongban.web import doors
from tongban.web.doors import Door, anyone, machine, signed_in


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


urlpatterns = [path("choose/", page, name="choose"), path("natural-window/", page, name="natural-window")]


@dataclass
class Person:
    realm: str
    is_authenticated: bool = True
    roles: frozenset[str] = frozenset()


@dataclass
class Nobody:
    is_authenticated: bool = False


@pytest.fixture(autouse=True)
def windows(settings: Settings) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    before = dict(doors._windows)
    doors._windows.clear()
    doors.set_window(None, "choose")
    doors.set_window("natural", "natural-window")
    yield
    doors._windows.clear()
    doors._windows.update(before)


def call(view: Any, who: object, method: str = "get", at: str = "/here/?a=1&b=%E4%B8%AD") -> HttpResponseBase:
    request = getattr(RequestFactory(), method)(at)
    request.user = who
    answer: HttpResponseBase = view(request)
    return answer


def fresh() -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("inside")

    return view


def test_everybody_passes_the_open_door() -> None:
    view = anyone(fresh())
    assert view.door == Door("anyone")
    assert call(view, Nobody()).status_code == 200


def test_a_machine_door_says_how_the_caller_is_known() -> None:
    view = machine("client secret in the body")(fresh())
    assert view.door == Door("machine", reason="client secret in the body")
    assert call(view, Nobody()).status_code == 200


def test_strangers_are_led_to_the_window_and_back() -> None:
    answer = call(signed_in(realm="natural")(fresh()), Nobody())
    assert answer.status_code == 302
    assert answer["Location"] == "/natural-window/?next=/here/%3Fa%3D1%26b%3D%25E4%25B8%25AD"


@pytest.mark.parametrize("realm", [None, "legal"])
def test_without_a_window_of_its_own_a_realm_is_led_to_the_choice(realm: str | None) -> None:
    assert call(signed_in(realm=realm)(fresh()), Nobody())["Location"].startswith("/choose/?next=")


def test_a_post_is_not_repeated_after_log_in() -> None:
    assert call(signed_in()(fresh()), Nobody(), method="post")["Location"] == "/choose/"


def test_only_the_named_realm_passes() -> None:
    view = signed_in(realm="natural")(fresh())
    assert call(view, Person("natural")).status_code == 200
    with pytest.raises(PermissionDenied):
        call(view, Person("legal"))
    assert call(signed_in()(fresh()), Person("legal")).status_code == 200


def test_only_who_has_a_named_role_passes() -> None:
    view = signed_in(realm="staff", role=("reviewer", "senior_reviewer"))(fresh())
    assert view.__dict__["door"] == Door("signed_in", realm="staff", roles=("reviewer", "senior_reviewer"))
    assert call(view, Person("staff", roles=frozenset({"auditor", "reviewer"}))).status_code == 200
    for stranger in (Person("staff"), Person("staff", roles=frozenset({"auditor"})), Person("natural")):
        with pytest.raises(PermissionDenied):
            call(view, stranger)
    assert signed_in(role="auditor")(fresh()).__dict__["door"].roles == ("auditor",)


def test_a_view_has_one_door_and_wrappers_keep_it() -> None:
    view = signed_in(realm="legal")(fresh())

    @wraps(view)
    def wrapper(request: HttpRequest) -> HttpResponseBase:
        return view(request)

    assert wrapper.door == Door("signed_in", realm="legal")  # type: ignore[attr-defined]  # what wraps copies
    with pytest.raises(TypeError, match="door already"):
        anyone(view)
