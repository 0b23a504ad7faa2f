"""Due dates are counted in the working days of the People's Republic."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.checks import run_checks

from tests.moved_clock import MovedClock
from tongban.audit.models import Event
from tongban.config.commands.calendar import command
from tongban.review import working_days
from tongban.review.errors import CalendarRefused
from tongban.review.models import CalendarDay
from tongban.review.working_days import due_date, is_working_day, known_until, read, today

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 11, 23), 5, date(2026, 11, 30)),  # over a weekend
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # the National Day holiday
        (date(2026, 10, 8), 2, date(2026, 10, 10)),  # a Saturday that is worked
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # a Sunday that is worked, in the next year
        (date(2027, 2, 4), 1, date(2027, 2, 11)),  # Spring Festival of a year not announced yet
        (date(2030, 1, 1), 1, date(2030, 1, 2)),  # a year nobody knows: weekdays
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_due_dates(start: date, days: int, due: date) -> None:
    assert due_date(start, days) == due


def test_a_moment_counts_from_its_day_in_beijing(clock: MovedClock) -> None:
    late_in_the_evening = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # half past midnight on the 24th
    assert due_date(late_in_the_evening, 1) == date(2026, 11, 25)
    clock.now = late_in_the_evening
    assert today() == date(2026, 11, 24)


def test_an_imported_year_replaces_the_shipped_one(tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text(
        "day,works,name\n2027-02-05,rest,春节\n2027-02-20,work,春节\n2028-01-01,rest,元旦\n", encoding="utf-8-sig"
    )
    assert not is_working_day(date(2027, 5, 3))
    result = CliRunner().invoke(command, ["import", str(file)])
    assert (result.exit_code, result.output) == (0, "3 days of 2027, 2028\n")
    assert is_working_day(date(2027, 5, 3)), "the shipped days of the year are gone"
    assert is_working_day(date(2027, 2, 20))
    assert known_until() == 2028
    CliRunner().invoke(command, ["import", str(file)])
    assert CalendarDay.objects.count() == 3
    assert Event.objects.filter(name="review:calendar:imported").count() == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("tag,works,name\n", 1),
        ("day,works,name\n2027-02-30,rest,x\n", 2),
        ("day,works,name\n2027-02-05,rest,x\n2027-02-06,maybe,x\n", 3),
        ("day,works,name\n2027-02-05\n", 2),
        ("day,works,name\n2027-02-05,rest,x\n2027-02-05,rest,x\n", 3),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(CalendarRefused) as refusal:
        read(text.splitlines())
    assert refusal.value.params["line"] == line
    file = tmp_path / "bad.csv"
    file.write_text(text)
    result = CliRunner().invoke(command, ["import", str(file)])
    assert result.exit_code == 1
    assert f"'line': {line}" in result.output
    assert not CalendarDay.objects.exists()


def test_a_year_without_holidays_is_reported(clock: MovedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def reported() -> list[str | None]:
        return [message.id for message in run_checks(tags=["database"], databases=["default"])]

    assert "review.W001" not in reported()
    clock.now = clock.now.replace(year=working_days.known_until() + 1)
    assert "review.W001" in reported()
    assert "review.W001" not in [message.id for message in run_checks(tags=["database"])]
