"""Resident identity numbers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.kernel.samples import NOON, code_of, resident_ids, typed
from tongban.kernel import check_characters, clock
from tongban.kernel.errors import Invalid
from tongban.kernel.resident_id import ResidentId


def _with_check(seventeen: str) -> str:
    return seventeen + check_characters.mod_11_2(seventeen)


@pytest.mark.parametrize(
    "number",
    ["11010519491231002X", "34052419800101001X", "440308199901101512", "360426199101010071", "440305199505132561"],
)
def test_published_examples(number: str) -> None:
    assert ResidentId.parse(number).value == number


@given(resident_ids.flatmap(lambda number: st.tuples(st.just(number), typed(number))))
def test_every_number_made_by_the_rules_is_accepted_however_typed(sample: tuple[str, str]) -> None:
    number, raw = sample
    assert ResidentId.parse(raw).value == number


@pytest.mark.parametrize(
    ("number", "code", "params"),
    [
        ("", "id_number.length", {"length": 0, "expected": 18}),
        ("1101051949123100X", "id_number.length", {"length": 17, "expected": 18}),
        ("815727824224151", "resident_id.fifteen_digits", {}),
        ("81572782422415A", "id_number.length", {"length": 15, "expected": 18}),
        ("1101O519491231002X", "id_number.letter_for_digit", {"position": 5, "character": "O", "digit": "0"}),
        ("1101A519491231002X", "id_number.character", {"position": 5, "character": "A"}),
        ("1101٣519491231002X", "id_number.character", {"position": 5, "character": "٣"}),
        ("11010519491231002Y", "id_number.last_character", {"character": "Y"}),
        ("20151122189720596X", "resident_id.region", {"prefix": "20"}),
        ("11010519491331002X", "id_number.birth_date", {}),
        ("110105194902290021", "id_number.birth_date", {}),
        ("11010500001231002X", "id_number.birth_date", {}),
        ("110105189511220028", "id_number.birth_date", {}),
        ("110105202611240027", "id_number.birth_date_in_future", {}),
        ("110105194912310021", "id_number.check_character", {}),
        ("11010519491213002X", "id_number.check_character", {}),
    ],
)
def test_an_error_names_the_slip(number: str, code: str, params: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        ResidentId.parse(number)
    assert (caught.value.code, caught.value.params) == (code, params)


def test_published_counterexample() -> None:
    with pytest.raises(Invalid):
        ResidentId.parse("11204416541220243X")
    with pytest.raises(Invalid):
        ResidentId.parse("201511221897205960")


def test_a_child_born_today_in_beijing_is_accepted_while_london_still_has_yesterday() -> None:
    newborn = _with_check("11010520261124002")
    try:
        clock.set_source(lambda: datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
        assert ResidentId.parse(newborn).value == newborn
        clock.set_source(lambda: datetime(2026, 11, 23, 15, 59, tzinfo=UTC))
        with pytest.raises(Invalid) as caught:
            ResidentId.parse(newborn)
        assert code_of(caught) == "id_number.birth_date_in_future"
    finally:
        clock.set_source(lambda: NOON)


def test_abolished_counties_stay_valid() -> None:
    # 510202: a district of Chongqing while that belonged to Sichuan.
    assert ResidentId.parse(_with_check("51020219700101001"))


@pytest.mark.parametrize(
    ("legacy", "number"),
    [("610104620927690", "610104196209276908"), ("150102880730303", "150102198807303035")],
)
def test_legacy_numbers_are_upgraded(legacy: str, number: str) -> None:
    assert ResidentId.upgrade_legacy(legacy) == ResidentId(number)


@given(resident_ids.filter(lambda number: number[6:8] == "19"))
def test_upgrading_restores_what_shortening_took(number: str) -> None:
    assert ResidentId.upgrade_legacy(number[:6] + number[8:17]).value == number


@pytest.mark.parametrize(
    ("legacy", "code"),
    [
        ("61010462092769", "id_number.length"),
        ("61010462092769O", "id_number.letter_for_digit"),
        ("610104621327690", "id_number.birth_date"),
        ("810104620927690", "resident_id.region"),
    ],
)
def test_broken_legacy_numbers_are_refused(legacy: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        ResidentId.upgrade_legacy(legacy)
    assert code_of(caught) == code


def test_it_never_prints_itself() -> None:
    number = ResidentId.parse("11010519491231002X")
    assert repr(number) == str(number) == "ResidentId('1****************X')"
