"""A unit, a person, the services, and a clock that stands still."""

from collections.abc import Iterator

import pytest

from tests.moved_clock import MovedClock, moved_clock
from tests.unit.mandates import people
from tongban.accounts.models import Account


@pytest.fixture
def clock() -> Iterator[MovedClock]:
    """Time stands still until the test moves it."""
    with moved_clock() as moved:
        yield moved


@pytest.fixture(autouse=True)
def services(db: None) -> None:
    people.some_services()


@pytest.fixture
def unit(services: None) -> Account:
    return people.some_unit()


@pytest.fixture
def person(services: None) -> Account:
    return people.some_person()
