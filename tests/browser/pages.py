"""What the look at every page needs to know about some addresses."""

from collections.abc import Callable

NOT_A_PAGE: dict[str, str] = {}
"""Addresses that answer no HTML page to a GET, each with the reason. One that is not needed fails a test."""

EXAMPLES: dict[str, Callable[[], dict[str, object]]] = {}
"""For addresses with parameters: an example that exists in the demonstration."""
