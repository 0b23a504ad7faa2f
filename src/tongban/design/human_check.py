"""What a browser may do in place of the person where a 验证码 is asked for. The room that judges it tells it here."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Puzzle:
    """Where the page's script gets a puzzle (`address`), and the static file of the module that solves it."""

    address: str
    script: str


_sources: list[Callable[[], Puzzle | None]] = []


def offer(source: Callable[[], Puzzle | None]) -> None:
    """Let `source` say whether there is a puzzle; it is asked for every 验证码 that is drawn."""
    _sources[:] = [source]


def puzzle() -> Puzzle | None:
    """Return what is offered to scripts now."""
    return _sources[0]() if _sources else None
