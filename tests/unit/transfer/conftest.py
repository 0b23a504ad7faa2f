"""What the room's tests share."""

from collections.abc import Iterator

import pytest

from tests.moved_clock import MovedClock, moved_clock
from tests.unit.transfer.searcher import Searcher


@pytest.fixture
def clock() -> Iterator[MovedClock]:
    """Time stands still until the test moves it."""
    with moved_clock() as moved:
        yield moved


@pytest.fixture
def searcher(db: None) -> Searcher:
    """A client with a token."""
    return Searcher()
