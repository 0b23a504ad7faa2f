"""What journeys share: a database and browsers."""

from collections.abc import Callable, Iterator

import pytest

from tests.journeys.canaries import Canaries, watched
from tests.journeys.visitor import Visitor


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Every journey may use the database."""


@pytest.fixture
def browser() -> Visitor:
    """A person with a browser of their own."""
    return Visitor()


@pytest.fixture
def new_browser() -> Callable[[], Visitor]:
    """One more person, or one more device, each time it is called."""
    return Visitor


@pytest.fixture(autouse=True)
def canaries(db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Canaries]:
    """Hold every journey against its canaries: nothing personal in logs, audit, addresses, other people's pages."""
    with watched(monkeypatch) as canaries:
        yield canaries
        assert canaries.escaped(caplog.text) == []
