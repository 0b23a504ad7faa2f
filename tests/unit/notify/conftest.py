"""What the room's tests share."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.moved_clock import MovedClock, moved_clock
from tests.unit.notify.post import Vendor


@pytest.fixture
def clock() -> Iterator[MovedClock]:
    """Time stands still until the test moves it."""
    with moved_clock() as moved:
        yield moved


@pytest.fixture
def vendor(settings: Settings) -> Iterator[type[Vendor]]:
    """SMS go to a vendor that the test holds in its hand."""
    settings.SMS_PROVIDER = [f"{Vendor.__module__}.{Vendor.__name__}"]
    yield Vendor
    Vendor.handed.clear()
    Vendor.trouble.clear()
