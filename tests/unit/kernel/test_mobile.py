"""Mobile numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.kernel.samples import digits, typed
from tongban.kernel.errors import Invalid
from tongban.kernel.mobile import Mobile

numbers = st.tuples(st.sampled_from(["13", "14", "15", "16", "17", "18", "19"]), digits(9)).map("".join)


@given(numbers.flatmap(lambda number: st.tuples(st.just(number), typed(number))))
def test_every_number_is_accepted_however_typed(sample: tuple[str, str]) -> None:
    number, raw = sample
    assert Mobile.parse(raw).value == number


@pytest.mark.parametrize("raw", ["+86 187-1111-1111", "008618711111111", "8618711111111", "（+86）18711111111"])
def test_the_country_may_stand_before_it(raw: str) -> None:
    assert Mobile.parse(raw) == Mobile("18711111111")


@pytest.mark.parametrize(
    ("raw", "code", "params"),
    [
        ("", "mobile.empty", {}),
        ("+86", "mobile.empty", {}),
        ("1871111111", "mobile.length", {"length": 10}),
        ("861871111111", "mobile.length", {"length": 12}),
        ("1871111111l", "mobile.character", {"position": 11, "character": "L"}),
        ("01088659000", "mobile.landline", {}),
        ("+85261234567", "mobile.foreign", {}),
        ("0085261234567", "mobile.foreign", {}),
        ("12711111111", "mobile.prefix", {}),
        ("28711111111", "mobile.prefix", {}),
    ],
)
def test_an_error_names_the_slip(raw: str, code: str, params: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        Mobile.parse(raw)
    assert (caught.value.code, caught.value.params) == (code, params)


def test_it_never_prints_itself() -> None:
    mobile = Mobile.parse("18711111111")
    assert mobile.masked == "187****1111"
    assert repr(mobile) == str(mobile) == "Mobile('187****1111')"
