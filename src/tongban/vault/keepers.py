"""Sealed values that stand elsewhere than in a sealed field. A room registers who counts them and who renews them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tongban.kernel.key_ring import Key


@dataclass(frozen=True, slots=True)
class Renewed:
    """What one batch came to, in values; `damaged` ones cannot be opened and stay as they are."""

    renewed: int
    damaged: int


@dataclass(frozen=True, slots=True)
class Keeper:
    """`needing` returns how many values need a key. `renew` brings all under the current key.

    It takes the size of a batch, makes one transaction of each, and says of each what it came to.
    """

    name: str
    needing: Callable[[Key], int]
    renew: Callable[[int], Iterator[Renewed]]


_keepers: dict[str, Keeper] = {}


def register(keeper: Keeper) -> None:
    """Let keys be rotated under what `keeper` knows; registering the same name again replaces it."""
    _keepers[keeper.name] = keeper


def registered() -> list[Keeper]:
    """Return every keeper, ordered by name."""
    return [_keepers[name] for name in sorted(_keepers)]
