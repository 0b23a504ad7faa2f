"""Every address declares who may enter."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tongban.web.doors import Door


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every address pattern with its view."""
    for entry in resolver.url_patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, here)
        else:
            yield here, entry


def test_every_route_has_a_door() -> None:
    found = list(routes(get_resolver()))
    assert found
    open_ends = [where for where, pattern in found if not isinstance(getattr(pattern.callback, "door", None), Door)]
    assert open_ends == []


def test_every_route_has_a_name() -> None:
    assert [where for where, pattern in routes(get_resolver()) if not pattern.name] == []
