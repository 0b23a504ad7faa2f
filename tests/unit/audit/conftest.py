"""Keys of its own for every test, and time that stands still."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.moved_clock import MovedClock, moved_clock


@pytest.fixture(autouse=True)
def ring_file(settings: Any, tmp_path: Path) -> Path:
    settings.AUDIT_KEY_RING = tmp_path / "keys" / "audit.json"
    path: Path = settings.AUDIT_KEY_RING
    return path


@pytest.fixture
def time() -> Iterator[MovedClock]:
    with moved_clock() as clock:
        yield clock
