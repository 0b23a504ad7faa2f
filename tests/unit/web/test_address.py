"""Client address and network key."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from tongban.web.address import UNKNOWN, _read, client_address, network


def address_of(remote: str, forwarded: str | None = None) -> str:
    request = RequestFactory(REMOTE_ADDR=remote).get("/")
    if forwarded is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return client_address(request)


def test_without_trusted_proxies_the_header_is_ignored(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = []
    assert address_of("203.0.113.7", "198.51.100.1") == "203.0.113.7"


def test_the_nearest_untrusted_hop_is_the_caller(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "2001:db8:ffff::/48"]
    assert address_of("10.1.2.3", "198.51.100.1") == "198.51.100.1"
    assert address_of("10.1.2.3", "6.6.6.6, 198.51.100.1, 10.9.9.9") == "198.51.100.1"
    assert address_of("2001:db8:ffff::2", "2001:db8::5") == "2001:db8::5"
    assert address_of("::ffff:10.1.2.3", "198.51.100.1") == "198.51.100.1"


def test_a_stranger_cannot_speak_for_a_proxy(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert address_of("203.0.113.7", "198.51.100.1, 10.0.0.1") == "203.0.113.7"


@pytest.mark.parametrize("forwarded", [None, "", "nonsense", "198.51.100.1, nonsense", "10.0.0.9,"])
def test_reading_stops_at_what_is_no_address(settings: Settings, forwarded: str | None) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert address_of("10.1.2.3", forwarded) == "10.1.2.3"


def test_when_every_hop_is_trusted_the_farthest_is_the_caller(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert address_of("10.1.2.3", "10.0.0.8, 10.0.0.9") == "10.0.0.8"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "unknown"),
        ("/run/socket", "unknown"),
    ],
)
def test_addresses_are_normalised(settings: Settings, raw: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = []
    assert address_of(raw) == expected


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", "unknown"),
    ],
)
def test_an_ipv6_subscriber_counts_as_one_network(settings: Settings, remote: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = []
    assert network(RequestFactory(REMOTE_ADDR=remote).get("/")) == expected


def test_what_is_longer_than_any_address_is_none_and_is_not_remembered() -> None:
    before = _read.cache_info().currsize
    assert address_of("1" * 100_000) == UNKNOWN
    assert _read.cache_info().currsize == before
