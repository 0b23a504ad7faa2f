"""One normalisation before everything."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tongban.kernel import normalise

anything = st.text(st.characters(exclude_categories=[]))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("　张　三　", "张 三"),
        ("１３８ＡＢｃ（）", "138ABc()"),
        ("a\u200bb\u202ec\ufeffd\x00e", "abcde"),
        ("a\r\n\tb", "a b"),
        ("\ud800x", "x"),
        ("\u3164x\u115f", "x"),
        ("e\u200d\u0301", "é"),
        ("", ""),
    ],
)
def test_text(raw: str, expected: str) -> None:
    assert normalise.text(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("１１０１０５－１９４９ x", "1101051949X"),
        ("91–11 00—00", "91110000"),
        ("a−b‐c", "ABC"),
        ("ß", "ß"),
    ],
)
def test_identifier(raw: str, expected: str) -> None:
    assert normalise.identifier(raw) == expected


@given(anything)
@example("´b")
@example("e\u034f\u0301")
def test_text_is_settled_after_one_pass(raw: str) -> None:
    once = normalise.text(raw)
    assert normalise.text(once) == once
    assert unicodedata.is_normalized("NFKC", once)
    assert once == once.strip()
    assert not {unicodedata.category(c) for c in once} & {"Cc", "Cf", "Cs"}


@given(anything)
def test_identifier_is_settled_after_one_pass(raw: str) -> None:
    once = normalise.identifier(raw)
    assert normalise.identifier(once) == once
    assert " " not in once
    assert "-" not in once
