"""Settings come from one table and say clearly what is wrong with a value."""

import re
from pathlib import Path

import pytest

from tongban.config.table import TABLE, Setting, parse, read_all


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (bool, "true", True), (bool, "No", False), (int, "7", 7), (str, " x", " x"), (Path, "/a", Path("/a")),
        (list, "a, b,,", ["a", "b"]), (dict, '{"a": 1}', {"a": 1}),
    ],
)  # fmt: skip
def test_text_becomes_the_type(kind: type, raw: str, value: object) -> None:
    assert parse(kind, raw) == value


@pytest.mark.parametrize(("kind", "raw"), [(bool, "maybe"), (int, "seven"), (dict, "{")])
def test_a_wrong_value_names_the_variable(kind: type, raw: str) -> None:
    setting = Setting("EXAMPLE", kind, None, "An example.")
    with pytest.raises(ValueError, match="TONGBAN_EXAMPLE"):
        setting.read({"TONGBAN_EXAMPLE": raw}, profile="production")


def test_a_value_that_is_no_choice_names_the_choices() -> None:
    setting = Setting("EXAMPLE", str, "", "An example.", choices=("", "one", "other"))
    assert setting.read({"TONGBAN_EXAMPLE": "one"}, profile="production") == "one"
    with pytest.raises(ValueError, match=r"TONGBAN_EXAMPLE.*use one of nothing, one, other"):
        setting.read({"TONGBAN_EXAMPLE": "ONE"}, profile="production")


def test_the_demo_has_defaults_of_its_own() -> None:
    setting = Setting("EXAMPLE", int, 24, "An example.", demo=0)
    assert setting.read({}, profile="production") == 24
    assert setting.read({}, profile="demo") == 0
    assert setting.read({"TONGBAN_EXAMPLE": "5"}, profile="demo") == 5


def test_every_row_is_well_formed_and_unique() -> None:
    names = [setting.name for setting in TABLE]
    assert len(names) == len(set(names))
    for setting in TABLE:
        assert re.fullmatch(r"[A-Z][A-Z0-9_]+", setting.name), setting.name
        assert setting.sentence.endswith("."), setting.name
    assert set(read_all({})) == set(names)
