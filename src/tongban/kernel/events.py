"""How a lower room tells the rooms above it that something happened, without knowing them.

A room publishes a frozen dataclass inside its transaction; whoever subscribed runs at once, in the same
transaction, so that the act and everything that follows from it commit together or not at all.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")
_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type[E], handler: Callable[[E], None]) -> None:
    """Call `handler` for every published event of exactly this type. Subscribing twice counts once."""
    if handler not in _handlers[event_type]:
        _handlers[event_type].append(handler)


def publish(event: object) -> None:
    """Hand `event` to its subscribers in the order they subscribed; an exception stops and propagates."""
    for handler in _handlers[type(event)]:
        handler(event)
