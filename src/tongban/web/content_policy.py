"""The Content-Security-Policy of every page. Nothing is loaded, framed or posted that this page does not name.

Browsers hold a form to `form-action` even where its answer redirects, so the addresses of business systems must be
known to every page a person may be posting from on the way into one. A room that knows such addresses tells them here.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

_targets: list[Callable[[], Iterable[str]]] = []


def add_form_targets(origins: Callable[[], Iterable[str]]) -> None:
    """Let forms lead to the origins (`https://host:port`) that `origins()` returns; it is asked for every page."""
    if origins not in _targets:
        _targets.append(origins)


def header() -> str:
    """Return the value of the header for a page answered now."""
    return _policy(tuple(sorted({origin for origins in _targets for origin in origins()})))


@lru_cache(maxsize=16)
def _policy(form_targets: tuple[str, ...]) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "img-src 'self' data: blob:",
            "media-src 'self'",
            "connect-src 'self'",
            " ".join(("form-action 'self'", *form_targets)),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
