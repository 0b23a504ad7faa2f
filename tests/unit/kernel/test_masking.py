"""What is left to see of personal data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.kernel.samples import digits, resident_ids
from tongban.kernel.masking import mask_document, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("欧阳娜娜", "欧***"),
        ("阿卜杜拉·买买提", "阿***·***"),
        ("John Smith", "J*** *****"),
        ("J. O'Neil", "J. *'****"),
        ("བསྟན", "བ**"),
        ("n\u0303o\u0303", "n\u0303*"),
        ("𠮷野", "𠮷*"),
        ("", ""),
    ],
)
def test_mask_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_mask_phone() -> None:
    assert mask_phone("13812341234") == "138****1234"
    assert mask_phone("1381234") == "*******"


@pytest.mark.parametrize(
    ("number", "masked"), [("11010519491231002X", "1****************X"), ("A1234", "A***4"), ("1234", "****")]
)
def test_mask_document(number: str, masked: str) -> None:
    assert mask_document(number) == masked


@given(resident_ids)
def test_the_six_last_characters_stay_a_secret(number: str) -> None:
    assert mask_document(number).count("*") == 16


@given(st.text(min_size=2))
def test_a_masked_name_shows_no_letter_but_the_first(name: str) -> None:
    assert not any(character.isalpha() for character in mask_name(name)[1:])


@given(digits(11))
def test_a_masked_phone_keeps_its_length(phone: str) -> None:
    assert len(mask_phone(phone)) == 11
