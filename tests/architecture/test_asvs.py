"""The table of OWASP ASVS 5.0 is whole, and names tests that exist."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security" / "asvs.md"
STATES = {"shown", "not yet", "not applicable"}
MOST_NOT_YET = 0.10
# How many requirements each section of the standard has, in the chapters the page is about.
SECTIONS = {
    "1.1": 2, "1.2": 10, "1.3": 12, "1.4": 3, "1.5": 3,
    "2.1": 3, "2.2": 3, "2.3": 5, "2.4": 2,
    "5.1": 1, "5.2": 6, "5.3": 3, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 8, "6.4": 6, "6.5": 8, "6.6": 4, "6.7": 2, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 3, "7.6": 2,
    "8.1": 4, "8.2": 4, "8.3": 3, "8.4": 2,
}  # fmt: skip


class Row(NamedTuple):
    """One requirement; `tests` are paths such as `tests/a/test_b.py::TestC::test_d`, `said` is the whole last cell."""

    id: str
    level: str
    asks: str
    status: str
    said: str

    @property
    def tests(self) -> list[str]:
        return re.findall(r"`(tests/[^`]+::[^`]+)`", self.said)


def read(page: str) -> list[Row]:
    lines = [line for line in page.splitlines() if re.match(r"\| *\d", line)]
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


ROWS = read(PAGE.read_text(encoding="utf-8"))


@cache
def names(path: str) -> frozenset[str]:
    """Return the tests of a file, those of a class as `Class::test`, and the classes themselves."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    return frozenset(_names(ast.parse(file.read_text(encoding="utf-8")).body))


def _names(body: list[ast.stmt]) -> list[str]:
    found = [one.name for one in body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    for one in body:
        if isinstance(one, ast.ClassDef):
            found += [one.name, *(f"{one.name}::{name}" for name in _names(one.body))]
    return [name for name in found if name.startswith(("test_", "Test"))]


def exists(test: str) -> bool:
    path, _separator, name = test.partition("::")
    return name in names(path)


def test_every_requirement_stands_there_once() -> None:
    expected = {f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)}
    counted = Counter(row.id for row in ROWS)
    assert set(counted) == expected
    assert [number for number, times in counted.items() if times != 1] == []


def test_every_requirement_has_a_level_words_and_a_status() -> None:
    assert [
        row for row in ROWS if row.level not in {"L1", "L2", "L3"} or not row.asks or row.status not in STATES
    ] == []


@pytest.mark.parametrize("row", [row for row in ROWS if row.status == "shown"], ids=lambda row: row.id)
def test_what_is_shown_names_tests_that_exist(row: Row) -> None:
    assert row.tests
    assert [test for test in row.tests if not exists(test)] == []


def test_what_is_not_shown_says_why_and_claims_no_test() -> None:
    assert [row.id for row in ROWS if row.status != "shown" and (row.tests or len(row.said) < 7)] == []


def test_little_is_not_yet_and_nothing_of_the_first_level() -> None:
    applicable = [row for row in ROWS if row.status != "not applicable"]
    missing = [row for row in applicable if row.status == "not yet"]
    assert len(missing) <= MOST_NOT_YET * len(applicable)
    assert [row.id for row in missing if row.level == "L1"] == []


def test_a_test_that_is_gone_is_noticed() -> None:
    assert exists("tests/architecture/test_asvs.py::test_a_test_that_is_gone_is_noticed")
    assert exists("tests/journeys/test_accounts.py::TestSessions")
    for gone in ("test_nothing", "TestSessions::test_nothing", "somebody", ""):
        assert not exists(f"tests/journeys/test_accounts.py::{gone}")
    assert not exists("tests/journeys/test_nowhere.py::test_nothing")
