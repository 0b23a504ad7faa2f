"""What every test run shares; its settings are in `tests/settings.py`."""

from pathlib import Path
from typing import Any

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in tests/journeys is a journey, in tests/browser a browser test: no test has to say so itself."""
    for item in items:
        for folder, marker in (("journeys", pytest.mark.journey), ("browser", pytest.mark.browser)):
            if folder in item.path.parts:
                item.add_marker(marker)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let tests empty their tables: the database itself refuses to delete audit events (tests of that put it back)."""
    from tongban.audit import guard  # noqa: PLC0415 - Django is ready only now

    with django_db_blocker.unblock():
        guard.remove()


@pytest.fixture(autouse=True)
def _own_anchors(settings: Any, tmp_path: Path) -> None:
    """Give every test its own file of audit anchors, as it has its own events."""
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
