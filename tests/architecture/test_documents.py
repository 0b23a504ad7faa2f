"""What an operator must be able to look up is written down."""

import pkgutil
from pathlib import Path

from tongban.config import commands
from tongban.config.commands import settings as settings_command

ROOT = Path(__file__).resolve().parents[2]


def test_the_settings_page_is_the_settings_table() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    assert page == settings_command.page(), "run: python -m tongban settings > docs/settings.md"


def test_every_command_is_documented() -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    missing = [
        module.name for module in pkgutil.iter_modules(commands.__path__) if f"`tongban {module.name}" not in page
    ]
    assert missing == []


def test_requirements_name_no_address() -> None:
    for file in (ROOT / "requirements").iterdir():
        assert "://" not in file.read_text(), file.name


def test_decision_records_are_numbered_once() -> None:
    numbers = [file.name[:4] for file in (ROOT / "docs" / "decisions").glob("*.md")]
    assert len(numbers) == len(set(numbers))
    assert all(number.isdigit() for number in numbers)
