"""The kernel's tests are played on one day."""

from collections.abc import Iterator

import pytest

from tests.unit.kernel.samples import NOON
from tongban.kernel import clock


@pytest.fixture(autouse=True)
def _one_day() -> Iterator[None]:
    clock.set_source(lambda: NOON)
    yield
    clock.set_source(None)
