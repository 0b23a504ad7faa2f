"""Working days of the People's Republic: Monday to Friday, less holidays, plus weekend days that are worked (调休).

The State Council announces each year's days in the autumn before, so they are data: `data/working-days.csv` comes with
the platform, and an operator imports newer years (`tongban calendar import FILE`). A year somebody imported replaces
the shipped one whole.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from tongban.kernel import clock
from tongban.review.errors import CalendarRefused
from tongban.review.models import CalendarDay

HERE = ZoneInfo("Asia/Shanghai")
SHIPPED = Path(__file__).with_name("data") / "working-days.csv"
_COLUMNS = ["day", "works", "name"]
_WORKS = {"work": True, "rest": False}
_A_DAY = timedelta(days=1)
_SATURDAY = 5
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not what its weekday says."""

    day: date
    works: bool
    name: str


def read(lines: Iterable[str]) -> list[Day]:
    """Return the days of a CSV file with the columns day, works (work or rest), name; raises `CalendarRefused`."""
    reader = csv.DictReader(lines)
    if reader.fieldnames != _COLUMNS:
        raise CalendarRefused(line=1, expected=",".join(_COLUMNS))
    days = [_day(row, line) for line, row in enumerate(reader, start=2)]
    if len({day.day for day in days}) != len(days):
        raise CalendarRefused(line=len(days) + 1, reason="a day twice")
    return days


def _day(row: Mapping[str, str], line: int) -> Day:
    try:
        return Day(date.fromisoformat(row["day"]), _WORKS[row["works"]], row["name"].strip()[:_LONGEST_NAME])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CalendarRefused(line=line, expected="YYYY-MM-DD,work|rest,name") from None


def today() -> date:
    """Return the date in Beijing now."""
    return clock.now().astimezone(HERE).date()


def due_date(start: datetime | date, working_days: int) -> date:
    """Return the last of the `working_days` working days that follow `start`.

    The day something begins is not counted (Civil Code, article 201).
    """
    day = start.astimezone(HERE).date() if isinstance(start, datetime) else start
    known = _known({day.year, day.year + 1})
    left = working_days
    while left:
        day += _A_DAY
        left -= _is_worked(day, known)
    return day


def is_working_day(day: date) -> bool:
    """Return whether people work on `day`."""
    return _is_worked(day, _known({day.year}))


def _is_worked(day: date, known: Mapping[date, bool]) -> bool:
    return known.get(day, day.weekday() < _SATURDAY)


def _known(years: set[int]) -> Mapping[date, bool]:
    first, last = date(min(years), 1, 1), date(max(years), 12, 31)
    imported = dict(CalendarDay.objects.filter(day__range=(first, last)).values_list("day", "works"))
    replaced = {day.year for day in imported}
    shipped = {day.day: day.works for day in _shipped() if day.day.year in years - replaced}
    return {**shipped, **imported}


@cache
def _shipped() -> tuple[Day, ...]:
    with SHIPPED.open(encoding="utf-8") as lines:
        return tuple(read(lines))


def known_until() -> int:
    """Return the last year whose holidays are known, shipped or imported."""
    latest = CalendarDay.objects.order_by("-day").values_list("day", flat=True).first()
    return max(day.day.year for day in [*_shipped(), *([Day(latest, works=True, name="")] if latest else [])])
