"""What is submitted survives being sealed, and says nothing by itself."""

import pytest

from tests.unit.proofing.people import person, unit
from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.names import PersonName
from tongban.kernel.regions import PROVINCES as KNOWN_PROVINCES
from tongban.proofing.entries import (
    SENSITIVE,
    Entries,
    PersonEntries,
    PersonQuestion,
    UnitQuestion,
    as_json,
    from_json,
    without_sensitive,
)
from tongban.proofing.provinces import PROVINCES
from tongban.proofing.rules import Block

PASSPORT = PersonEntries(
    name=PersonName.parse("JOHN SMITH"),
    document=Document(DocumentKind.PASSPORT, "X1234567", "GBR"),
)


@pytest.mark.parametrize("entries", [person(), PASSPORT, unit()])
def test_entries_come_back_from_their_json(entries: Entries) -> None:
    assert from_json(entries.block, as_json(entries)) == entries


def test_a_person_is_one_question() -> None:
    (question,) = person().questions()
    assert question == PersonQuestion(Block.PERSON, person().name, person().document)


def test_a_unit_is_asked_with_its_representative_and_its_agent_apart() -> None:
    about_unit, about_agent = unit().questions()
    assert isinstance(about_unit, UnitQuestion)
    assert about_unit.representative_document == unit().representative_document
    assert about_agent == PersonQuestion(Block.AGENT, unit().agent_name, unit().agent_document)


def test_without_consent_only_document_numbers_are_left_out() -> None:
    given = unit().as_fields()
    assert set(given) - set(without_sensitive(given)) == SENSITIVE - {"document_number"}


def test_entries_never_print_what_they_hold() -> None:
    shown = repr(unit()) + repr(person())
    assert "19900101" not in shown
    assert "张三" not in shown
    assert "13800001234" not in shown


def test_every_province_has_a_name() -> None:
    assert set(PROVINCES) == set(KNOWN_PROVINCES)
