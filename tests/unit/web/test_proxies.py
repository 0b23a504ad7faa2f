"""What proxies say is believed of our own only."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from tongban.web.checks import production_knows_its_proxy, proxies_are_networks
from tongban.web.middleware import believed_scheme


@pytest.mark.parametrize(
    ("remote", "said", "secure"),
    [
        ("10.1.2.3", "https", True),
        ("10.1.2.3", "http", False),
        ("10.1.2.3", None, False),
        ("203.0.113.7", "https", False),
        ("", "https", False),
    ],
)
def test_only_our_proxies_make_a_connection_secure(
    settings: Settings, remote: str, said: str | None, secure: bool
) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory(REMOTE_ADDR=remote).get("/")
    if said:
        request.META["HTTP_X_FORWARDED_PROTO"] = said

    def view(inner: HttpRequest) -> HttpResponse:
        return HttpResponse(str(inner.is_secure()))

    answer = believed_scheme(view)(request)
    assert isinstance(answer, HttpResponse)
    assert answer.content.decode() == str(secure)


@pytest.mark.parametrize(
    ("proxies", "problems"),
    [
        ([], 0),
        (["10.0.0.0/8", "2001:db8::/32", "192.0.2.1"], 0),
        (["0.0.0.0/0"], 1),
        (["::/0", "proxy.example", ""], 3),
    ],
)
def test_proxies_must_be_networks(settings: Settings, proxies: list[str], problems: int) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert [message.id for message in proxies_are_networks(None)] == ["web.C001"] * problems


def test_a_production_whose_proxy_is_not_believed_hears_of_it(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = []
    assert production_knows_its_proxy(None) == []
    settings.PROFILE = "production"
    (warning,) = production_knows_its_proxy(None)
    assert (warning.id, warning.is_serious()) == ("web.W001", False)
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]
    assert production_knows_its_proxy(None) == []
