"""Settings of a test run: the profile `test`, state in a temporary folder, SQLite unless TONGBAN_DATABASE is set."""

import os
import tempfile

import pytest

os.environ.setdefault("TONGBAN_PROFILE", "test")
os.environ.setdefault("TONGBAN_HOME", tempfile.mkdtemp(prefix="tongban-test-"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in tests/journeys is a journey, in tests/browser a browser test: no test has to say so itself."""
    for item in items:
        for folder, marker in (("journeys", pytest.mark.journey), ("browser", pytest.mark.browser)):
            if folder in item.path.parts:
                item.add_marker(marker)
