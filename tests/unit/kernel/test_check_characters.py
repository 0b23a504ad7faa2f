"""Check characters: the standards' own examples, and that they catch the slips they were made for."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.kernel.samples import digits, resident_ids, usccs
from tongban.kernel import check_characters


@pytest.mark.parametrize("number", ["11010519491231002X", "34052419800101001X", "911398199012310021"])
def test_mod_11_2(number: str) -> None:
    assert check_characters.mod_11_2(number[:17]) == number[17]


def test_a_published_sample_with_a_wrong_check_character() -> None:
    assert check_characters.mod_11_2("11204416541220243") == "4"
    assert check_characters.mod_11_2("91112419810803002") == "4"


def test_uscc_and_organisation() -> None:
    assert check_characters.uscc("91110108MA01ET88X") == "L"
    assert check_characters.organisation("MA01ET88") == "X"
    assert check_characters.organisation("60003734") == "1"


def test_travel_document_example_of_the_standard() -> None:
    assert check_characters.travel_document("520727") == "3"
    assert check_characters.travel_document("AB2134") == "5"


@pytest.mark.parametrize("check", [check_characters.mod_11_2, check_characters.uscc])
def test_the_number_of_characters_is_fixed(check: object) -> None:
    with pytest.raises(ValueError, match="zip"):
        check("1" * 16)  # type: ignore[operator]


@given(resident_ids, st.integers(0, 16), digits(1))
def test_mod_11_2_catches_every_wrong_digit(number: str, place: int, digit: str) -> None:
    assume(number[place] != digit)
    assert check_characters.mod_11_2(number[:place] + digit + number[place + 1 : 17]) != number[17]


@given(usccs, st.integers(0, 15))
def test_the_check_of_a_uscc_catches_every_swap_of_neighbours(code: str, place: int) -> None:
    assume(code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 : 17]
    assert check_characters.uscc(swapped) != code[17]
