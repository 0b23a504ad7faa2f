"""Names of persons and units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.kernel.samples import accepted
from tongban.kernel.errors import Invalid
from tongban.kernel.names import PersonName, UnitName

_name_like = st.characters(categories=["L", "M"]) | st.sampled_from(
    "张三李〇·•・．.'’ˊ´--—（( )）“Aé\u0301\u200b\U000e0100"
)
anything = st.one_of(st.text(_name_like, max_size=30), st.text(st.characters(exclude_categories=[]), max_size=120))
NEW_CHARACTER = "\U0002ebf0"
"""CJK extension I, added in Unicode 15.1 for names of persons: unknown to Python 3.11."""


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("张三", "张三"),
        (" 张　三 ", "张三"),
        ("欧阳 娜 娜", "欧阳娜娜"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 • 买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉··买买提·", "阿卜杜拉·买买提"),
        ("John  Smith", "John Smith"),
        ("J. R. O’Neil‐Jones", "J. R. O'Neil-Jones"),
        ("José Müller", "José Müller"),
        ("Jose\u0301", "José"),
        ("བསྟན་འཛིན་རྒྱ་མཚོ".replace("་", " "), "བསྟན འཛིན རྒྱ མཚོ"),
        ("ئابدۇللا", "ئابدۇللا"),
        ("李〇", "李〇"),
        ("𠮷野", "𠮷野"),
        (f"王{NEW_CHARACTER}", f"王{NEW_CHARACTER}"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("张\u202e三\u200b", "张三"),
    ],
)
def test_names_of_persons(raw: str, value: str) -> None:
    assert PersonName.parse(raw).value == value


@pytest.mark.parametrize(
    ("raw", "code", "params"),
    [
        ("", "person_name.empty", {}),
        (" · ", "person_name.empty", {}),
        ("张", "person_name.too_short", {}),
        ("张·", "person_name.too_short", {}),
        ("a" * 101, "person_name.too_long", {"length": 101, "maximum": 100}),
        ("张3", "person_name.digit", {"position": 2, "character": "3"}),
        ("张٣", "person_name.digit", {"position": 2, "character": "٣"}),
        ("张\ue001", "person_name.private_use", {"position": 2}),
        ("张*", "person_name.character", {"position": 2, "character": "*"}),
        ("<b>张三", "person_name.character", {"position": 1, "character": "<"}),
        ("张＜三", "person_name.character", {"position": 2, "character": "<"}),
        ("Smith, John", "person_name.character", {"position": 6, "character": ","}),
        ("\u0301张三", "person_name.character", {"position": 1, "character": "\u0301"}),
        ("张😀", "person_name.character", {"position": 2, "character": "😀"}),
    ],
)
def test_an_error_names_the_slip_in_a_person_name(raw: str, code: str, params: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        PersonName.parse(raw)
    assert (caught.value.code, caught.value.params) == (code, params)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "JOHN SMITH"),
        ("Mary-Ann O'Neil", "MARY ANN ONEIL"),
        ("阿卜杜拉·买买提", "阿卜杜拉买买提"),
        ("葛\U000e0100城", "葛城"),
        ("Straße", "STRASSE"),
    ],
)
def test_two_writings_of_one_name_match(one: str, other: str) -> None:
    assert PersonName.parse(one) != PersonName.parse(other)
    assert PersonName.parse(one).matching_key == PersonName.parse(other).matching_key


def test_different_names_do_not_match() -> None:
    keys = {PersonName.parse(name).matching_key for name in ("张三", "张叁", "张三三", "李三", "Müller", "Muller")}
    assert len(keys) == 6


def test_a_person_name_never_prints_itself() -> None:
    name = PersonName.parse("张三")
    assert name.masked == "张*"
    assert repr(name) == str(name) == "PersonName('张*')"


@given(anything)
def test_a_person_name_is_settled_and_clean_or_refused(raw: str) -> None:
    name = accepted(PersonName.parse, raw)
    if name is None:
        return
    assert PersonName.parse(name.value) == name
    assert name.matching_key
    assert not set('<>&"\\/`{}[]\u202e\u200b\n\x00') & set(name.value)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("通办（北京）科技有限公司", "通办（北京）科技有限公司"),
        (" 通办 (北京) 科技 有限公司", "通办（北京）科技有限公司"),
        ("AT&T (China) Co., Ltd.", "AT&T (China) Co., Ltd."),
        ("3M中国有限公司", "3M中国有限公司"),
        ("北京“一带一路”研究院", "北京“一带一路”研究院"),
        ("第101中学", "第101中学"),
    ],
)
def test_names_of_units(raw: str, value: str) -> None:
    assert UnitName.parse(raw).value == value


@pytest.mark.parametrize(
    ("raw", "code", "params"),
    [
        ("　", "unit_name.empty", {}),
        ("厂", "unit_name.too_short", {}),
        ("（）", "unit_name.too_short", {}),
        ("厂" * 201, "unit_name.too_long", {"length": 201, "maximum": 200}),
        ("公司\ue001", "unit_name.private_use", {"position": 3}),
        ("公司<script>", "unit_name.character", {"position": 3, "character": "<"}),
        ("公司😀", "unit_name.character", {"position": 3, "character": "😀"}),
    ],
)
def test_an_error_names_the_slip_in_a_unit_name(raw: str, code: str, params: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        UnitName.parse(raw)
    assert (caught.value.code, caught.value.params) == (code, params)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("通办（北京）科技有限公司", "通办(北京) 科技有限公司"),
        ("ＡＢＣ有限公司", "abc有限公司"),
        ("北京“通办”公司", '北京"通办"公司'),
        ("AT&T (China) Co., Ltd.", "AT&T （CHINA） CO.,LTD."),
    ],
)
def test_two_writings_of_one_unit_match(one: str, other: str) -> None:
    assert UnitName.parse(one).matching_key == UnitName.parse(other).matching_key


def test_different_units_do_not_match() -> None:
    names = ("通办（北京）公司", "通办北京公司", "通办（上海）公司")
    assert len({UnitName.parse(name).matching_key for name in names}) == 3


@given(anything)
def test_a_unit_name_is_settled_and_clean_or_refused(raw: str) -> None:
    name = accepted(UnitName.parse, raw)
    if name is None:
        return
    assert UnitName.parse(name.value) == name
    assert name.matching_key
    assert not set("<>`{}\u202e\u200b\n\x00") & set(name.value)
