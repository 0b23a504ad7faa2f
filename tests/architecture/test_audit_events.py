"""The page of audit events says what the code says."""

from pathlib import Path

from tongban.audit import page

PAGE = Path(__file__).parents[2] / "docs" / "audit-events.md"


def test_every_event_name_is_on_the_page() -> None:
    assert PAGE.read_text(encoding="utf-8") == page.render(), "run: tongban audit names --write docs/audit-events.md"
