"""What every event of one request has in common, set once by the middleware."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestContext:
    """The request an act belongs to. `network` is an index (a keyed digest) of the client's network, no address."""

    request_id: str = ""
    network: str = ""


REQUEST_ID = "tongban.request_id"
"""Where the id stands in `request.META`, for who speaks of a request after its context has ended."""
_NONE = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("tongban_audit_context", default=_NONE)


def current() -> RequestContext:
    """Return the context of the request in hand; empty outside a request."""
    return _current.get()


@contextmanager
def bind(*, request_id: str, network: str) -> Iterator[None]:
    """Let every event recorded inside the block carry this request and network index."""
    token = _current.set(RequestContext(request_id, network))
    try:
        yield
    finally:
        _current.reset(token)
