"""What needs a key and stands elsewhere than in a sealed field. A room registers who counts it and who renews it."""

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

    It takes the size of a batch, makes one transaction of each, ended when it says what the batch came to. None: the
    values cannot be renewed without their owners, and come under the current key by themselves (passwords, at log-in).
    """

    name: str
    needing: Callable[[Key], int]
    renew: Callable[[int], Iterator[Renewed]] | None


_keepers: dict[str, Keeper] = {}


def register(keeper: Keeper) -> None:
    """Let keys be rotated under what `keeper` knows; registering the same name again replaces it."""
    _keepers[keeper.name] = keeper


def registered() -> list[Keeper]:
    """Return every keeper, ordered by name."""
    return [_keepers[name] for name in sorted(_keepers)]
