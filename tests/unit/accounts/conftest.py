"""What the room's tests share."""

from collections.abc import Iterator

import pytest

from tests.moved_clock import MovedClock, moved_clock


@pytest.fixture
def clock() -> Iterator[MovedClock]:
    """Time stands still until the test moves it."""
    with moved_clock() as moved:
        yield moved
