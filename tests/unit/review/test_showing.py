"""What people typed deceives neither a reviewer nor a spreadsheet."""

import pytest

from tests.unit.review.desk import a_case
from tongban.design.fields import TextField
from tongban.review import errors
from tongban.review.errors import ApplyRefused, ReviewError
from tongban.review.evidence import _Nothing, store, use
from tongban.review.export import safe
from tongban.review.sentences import SENTENCES, sentence
from tongban.review.templatetags.review import plainly


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", " =1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "TB-2026-2222-2222", "张三", 3, "2026-11-23"])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert safe(cell) == str(cell)


def test_what_cannot_be_seen_is_written_out() -> None:
    assert plainly("张\u202e三\u200b\ue000\n四") == "张⟨U+202E⟩三⟨U+200B⟩⟨U+E000⟩\n四"


def test_prose_keeps_its_punctuation_and_loses_what_is_invisible() -> None:
    assert TextField(label="x").clean("  甲，乙。\r\n\u202e 丙  丁 \r\n\r\n") == "甲，乙。\n丙 丁"


def test_every_error_a_reviewer_can_meet_has_a_sentence() -> None:
    codes = {
        found.code for found in vars(errors).values() if isinstance(found, type) and issubclass(found, ReviewError)
    }
    assert codes - SENTENCES.keys() == {"review.error", "review.not_allowed", "review.calendar_refused"}
    assert sentence(ApplyRefused(reason="x")) == str(SENTENCES["review.apply_refused"])


@pytest.mark.django_db
def test_without_a_store_there_are_no_files() -> None:
    before = store()
    use(_Nothing())
    try:
        case = a_case()
        assert list(store().files(case.id)) == []
        with pytest.raises(LookupError):
            a_case(evidence=[case.id])
    finally:
        use(before)
