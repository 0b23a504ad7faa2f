"""What the room's tests share: time, two kinds of case, and an evidence store in memory."""

from collections.abc import Iterator

import pytest

from tests.moved_clock import MovedClock, moved_clock
from tests.unit.review.desk import SINGLE, TWICE, FakeStore
from tongban.review import evidence, kinds


@pytest.fixture(autouse=True)
def clock() -> Iterator[MovedClock]:
    """Time stands still until the test moves it."""
    with moved_clock() as moved:
        yield moved


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    """Two kinds of case: one decided by one reviewer, one by two."""
    before = dict(kinds._kinds)
    kinds.register(SINGLE.kind)
    kinds.register(TWICE.kind)
    SINGLE.reset()
    TWICE.reset()
    yield
    kinds._kinds.clear()
    kinds._kinds.update(before)


@pytest.fixture(autouse=True)
def store() -> Iterator[FakeStore]:
    """An evidence store in memory."""
    before, fake = evidence.store(), FakeStore()
    evidence.use(fake)
    yield fake
    evidence.use(before)
