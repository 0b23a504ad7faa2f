"""What journeys share: a database and browsers."""

from collections.abc import Callable

import pytest

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
