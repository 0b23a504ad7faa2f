"""Where a request comes from, behind proxies that the operator named in `TRUSTED_PROXIES` and no others."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
UNKNOWN = "unknown"
_LONGEST = 100  # characters; what is read is remembered, and must not fill the memory


@lru_cache(maxsize=8)
def _trusted_networks(proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(proxy, strict=False) for proxy in proxies)


def _is_trusted(address: Address) -> bool:
    networks = _trusted_networks(tuple(settings.TRUSTED_PROXIES))
    return any(address in network for network in networks)


def _parse(raw: str) -> Address | None:
    """Return the address in `raw` (`203.0.113.7`, `203.0.113.7:8000`, `2001:db8::1`, `[2001:db8::1]:8000`)."""
    return _read(raw) if len(raw) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _read(raw: str) -> Address | None:
    text = raw.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _caller(request: HttpRequest) -> Address | None:
    """Return the nearest address that is not one of our own proxies.

    `X-Forwarded-For` is read from its right end, because only what our proxies appended can be believed; reading stops
    at the first address that is not trusted, or that is none.
    """
    caller = _parse(request.META.get("REMOTE_ADDR", ""))
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while hops and caller and _is_trusted(caller):
        earlier = _parse(hops.pop())
        if earlier is None:
            break
        caller = earlier
    return caller


def came_through_proxy(request: HttpRequest) -> bool:
    """Return whether one of our own proxies handed the request on."""
    nearest = _parse(request.META.get("REMOTE_ADDR", ""))
    return nearest is not None and _is_trusted(nearest)


def client_address(request: HttpRequest) -> str:
    """Return the caller's address as text, or `"unknown"` when the server did not say."""
    return str(_caller(request) or UNKNOWN)


def network(request: HttpRequest) -> str:
    """Return the key under which the caller's attempts are counted.

    An IPv4 address counts alone. An IPv6 subscriber is handed a whole /64, so that network is the key: counting single
    addresses would let one caller have 2**64 of them.
    """
    caller = _caller(request)
    return _key(caller) if caller else UNKNOWN


def network_of(address: str) -> str | None:
    """Return the key as `network` does for an address that a program tells us; `None` when it is no address."""
    found = _parse(address)
    return _key(found) if found else None


def _key(address: Address) -> str:
    return str(IPv6Network((address, 64), strict=False) if isinstance(address, IPv6Address) else address)
