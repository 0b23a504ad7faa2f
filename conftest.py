"""What every test run shares; its settings are in `tests/settings.py`."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands in tests/journeys is a journey, in tests/browser a browser test: no test has to say so itself."""
    for item in items:
        for folder, marker in (("journeys", pytest.mark.journey), ("browser", pytest.mark.browser)):
            if folder in item.path.parts:
                item.add_marker(marker)
