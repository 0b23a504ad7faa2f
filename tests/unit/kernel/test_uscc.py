"""Unified social credit codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.kernel.samples import code_of, typed, usccs
from tongban.kernel import check_characters
from tongban.kernel.errors import Invalid
from tongban.kernel.registering_authorities import AUTHORITIES
from tongban.kernel.uscc import UnitType, Uscc


def _with_check(seventeen: str) -> str:
    return seventeen + check_characters.uscc(seventeen)


@pytest.mark.parametrize(
    ("code", "unit_type"),
    [
        ("91110000600037341L", UnitType.ENTERPRISE),
        ("91110108MA01ET88XL", UnitType.ENTERPRISE),
        ("91110108MA00000070", UnitType.ENTERPRISE),
        ("12110000000000000K", UnitType.PUBLIC_INSTITUTION),
        ("51110000000000000J", UnitType.SOCIAL_GROUP),
        ("31110000000000000L", UnitType.OTHER),
        ("A1110000000000000D", UnitType.OTHER),
        ("N2110000000000000X", UnitType.OTHER),
        ("Y1110000000000000Q", UnitType.OTHER),
        (_with_check("11100000000000000"), UnitType.GOVERNMENT_BODY),
        (_with_check("13100000000000000"), UnitType.GOVERNMENT_BODY),
        (_with_check("52110000000000000"), UnitType.PRIVATE_NON_ENTERPRISE),
        (_with_check("53110000000000000"), UnitType.FOUNDATION),
        (_with_check("92110000000000000"), UnitType.OTHER),
    ],
)
def test_valid_codes(code: str, unit_type: UnitType) -> None:
    uscc = Uscc.parse(code)
    assert (uscc.value, uscc.usual_unit_type, uscc.warnings) == (code, unit_type, ())


def test_the_parts_of_a_code() -> None:
    uscc = Uscc.parse("91110108MA01ET88XL")
    assert (uscc.authority, uscc.category, uscc.region) == ("9", "1", "110108")
    assert uscc.organisation_code == "MA01ET88X"


@given(usccs.flatmap(lambda code: st.tuples(st.just(code), typed(code))))
def test_every_code_made_by_the_rules_is_accepted_however_typed(sample: tuple[str, str]) -> None:
    code, raw = sample
    uscc = Uscc.parse(raw)
    assert uscc.value == code
    assert uscc.warnings == ()


@pytest.mark.parametrize(
    ("raw", "code", "params"),
    [
        ("", "uscc.empty", {}),
        ("91110108MA01ET88X", "uscc.length", {"length": 17}),
        ("MA01ET88X", "uscc.organisation_code", {}),
        ("MA01ET88-X", "uscc.organisation_code", {}),
        ("110108012345678", "uscc.registration_number", {}),
        ("9111O108MA01ET88XL", "uscc.forbidden_letter", {"position": 5, "character": "O", "likely": "0"}),
        ("91110108MAO1ET88XL", "uscc.forbidden_letter", {"position": 11, "character": "O", "likely": "0"}),
        ("91110108MA01ET88X*", "uscc.character", {"position": 18, "character": "*"}),
        ("9111L108MA01ET88XL", "uscc.region_character", {"position": 5, "character": "L"}),
        ("01110108MA01ET88XL", "uscc.authority", {"character": "0"}),
        ("91110108MA01ET88XM", "uscc.check_character", {}),
        ("A1110000600037341L", "uscc.check_character", {}),
        ("11010519491231002X", "uscc.is_resident_id", {}),
    ],
)
def test_an_error_names_the_slip(raw: str, code: str, params: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        Uscc.parse(raw)
    assert (caught.value.code, caught.value.params) == (code, params)


@pytest.mark.parametrize(
    ("seventeen", "warning"),
    [
        ("91110108MA01ET881", "uscc.organisation_check"),
        ("54110000000000000", "uscc.category_unknown"),
        ("91990000000000000", "uscc.region_unknown"),
    ],
)
def test_what_is_unusual_is_accepted_with_a_warning(seventeen: str, warning: str) -> None:
    assert Uscc.parse(_with_check(seventeen)).warnings == (warning,)


@given(usccs, st.integers(0, 17), st.sampled_from(check_characters.USCC_ALPHABET))
def test_every_single_wrong_character_is_caught(code: str, place: int, character: str) -> None:
    wrong = code[:place] + character + code[place + 1 :]
    if wrong == code:
        assert Uscc.parse(wrong).value == code
        return
    with pytest.raises(Invalid) as caught:
        Uscc.parse(wrong)
    assert code_of(caught).startswith("uscc.")


@given(st.text(st.characters(exclude_categories=[])))
def test_whatever_is_typed_is_accepted_or_refused_with_a_code(raw: str) -> None:
    with pytest.raises(Invalid) as caught:
        Uscc.parse(raw)
    assert code_of(caught).startswith("uscc.")


def test_every_authority_writes_in_the_alphabet_of_the_standard() -> None:
    first = set(AUTHORITIES)
    second = {category for authority in AUTHORITIES.values() for category in authority.categories}
    assert first | second <= set(check_characters.USCC_ALPHABET)
    assert first == set("123456789ANY")
