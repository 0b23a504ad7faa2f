"""What a login name may be, and when two are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.accounts.errors import LoginNameRefused
from tongban.accounts.rules import login_names
from tongban.kernel.mobile import Mobile
from tongban.kernel.uscc import Uscc

PHONE = Mobile.parse("13800138000")
USCC = Uscc.parse("91110108MA00000070")


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("zhang.san", "zhang.san"),
        ("  Zhang_San-1 ", "Zhang_San-1"),
        ("ｚｈａｎｇｓａｎ", "zhangsan"),
        ("张三的账号", "张三的账号"),
        ("zhang@example", "zhang@example"),
        ("13800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("91110108ma00000070", "91110108ma00000070"),
        ("hjkl", "hjkl"),
        ("xHJ_1", "xHJ_1"),
        ("1380013800", "1380013800"),
        ("a" * 32, "a" * 32),
    ],
)
def test_good_names(raw: str, tidy: str) -> None:
    assert login_names.check(raw, phone=PHONE, uscc=USCC) == tidy


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("abc", "length"),
        ("", "length"),
        ("a" * 33, "length"),
        ("zhang san", "character"),
        ("zhang\u200b/san", "character"),
        ("zhаng", "character"),  # a Cyrillic а
        ("ｶﾀｶﾅ名", "character"),
        ("HJ_abcd", "reserved"),
        ("hj_abcd", "reserved"),
        ("ＨＪ＿abcd", "reserved"),
        (" hJ_abcd", "reserved"),
        ("13900139000", "mobile"),
        ("139-0013-9000", "mobile"),
        ("139.0013.9000", "mobile"),
        ("8613900139000", "mobile"),
        ("12110000000000000K", "uscc"),
        ("12110000-0000-0000-0k", "uscc"),
        ("11010519491231002x", "uscc"),
    ],
)
def test_bad_names(raw: str, code: str) -> None:
    with pytest.raises(LoginNameRefused) as refused:
        login_names.check(raw, phone=PHONE, uscc=USCC)
    assert refused.value.code == f"accounts.login_name_{code}"


@pytest.mark.parametrize("raw", [USCC.value, "91110108-MA00-000070", "11010519491231002X"])
def test_a_person_has_no_number_of_a_unit_or_of_a_document(raw: str) -> None:
    with pytest.raises(LoginNameRefused) as refused:
        login_names.check(raw, phone=PHONE)
    assert refused.value.code == "accounts.login_name_number"


@pytest.mark.parametrize(
    "same",
    [
        ("Zhang.San", "zhang.san"),
        ("ｚｈａｎｇ", "ZHANG"),
        (" zhang ", "zhang"),
        ("straße", "STRASSE"),
        ("ǅabc", "ǆABC"),
    ],
)
def test_the_same_name_in_other_writing(same: tuple[str, str]) -> None:
    assert login_names.key(same[0]) == login_names.key(same[1])


@given(st.text(max_size=40))
def test_the_key_is_stable(raw: str) -> None:
    key = login_names.key(raw)
    assert login_names.key(key) == key
    assert login_names.key(login_names.tidy(raw)) == key
