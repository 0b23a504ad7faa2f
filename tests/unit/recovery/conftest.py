"""What the room's tests share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.moved_clock import MovedClock, moved_clock


@pytest.fixture
def clock() -> Iterator[MovedClock]:
    """Time stands still until the test moves it."""
    with moved_clock() as moved:
        yield moved


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """Give every test its own evidence folder."""
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
