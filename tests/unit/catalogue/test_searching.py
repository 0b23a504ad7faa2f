"""Folding, matching and cutting texts."""

from hypothesis import given
from hypothesis import strategies as st

from tongban.catalogue.searching import Piece, contains_all, excerpt, fold, mark, terms


def test_terms_are_folded_unique_and_longest_first() -> None:
    assert terms(" ＡＢ 高企认定 ab 　认定 ") == ["高企认定", "ab", "认定"]
    assert terms("") == []


def test_every_find_is_marked() -> None:
    assert mark("Ａb与ab", ["ab"]) == [Piece("Ａb", found=True), Piece("与", found=False), Piece("ab", found=True)]


def test_an_excerpt_is_cut_around_the_first_find() -> None:
    text = "前" * 60 + "办理入口" + "后" * 100
    pieces = excerpt(text, ["办理入口"])
    assert pieces[0] == Piece("…", found=False)
    assert Piece("办理入口", found=True) in pieces
    assert pieces[-1] == Piece("…", found=False)
    assert len("".join(piece.text for piece in pieces)) < 110


def test_an_excerpt_without_a_find_is_the_beginning() -> None:
    assert excerpt("没有要找的字", ["认定"]) == [Piece("没有要找的字", found=False)]


def test_nothing_is_found_by_nothing() -> None:
    assert not contains_all("全部", [])
    assert contains_all(fold("高企认定"), ["认定"])
    assert not contains_all("认定", ["认定", "评价"])


@given(st.text(max_size=60), st.text(min_size=1, max_size=4))
def test_marking_loses_no_character(text: str, term: str) -> None:
    assert "".join(piece.text for piece in mark(text, terms(term))) == text
