"""The made-up people and units satisfy the rules for real ones, and are the same every time."""

from collections import Counter

from tongban.demo import rules
from tongban.kernel.documents import parse_document
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import Uscc


def test_there_are_enough_of_every_answer() -> None:
    assert min(Counter(person.answer for person in rules.people()).values()) >= 20
    assert min(Counter(unit.answer for unit in rules.units()).values()) >= 20


def test_every_person_is_valid_and_unique() -> None:
    people = [*rules.people(), *(unit.legal_representative for unit in rules.units())]
    assert len({person.number for person in people}) == len(people)
    for person in people:
        assert parse_document(person.document, person.number).number == person.number
        assert PersonName.parse(person.name).value == person.name


def test_every_unit_is_valid_and_unique() -> None:
    units = rules.units()
    assert len({unit.uscc for unit in units}) == len({unit.name for unit in units}) == len(units)
    for unit in units:
        parsed = Uscc.parse(unit.uscc)
        assert parsed.warnings == ()
        assert UnitName.parse(unit.name).value == unit.name


def test_nobody_made_up_can_be_alive() -> None:
    people = [*rules.people(), *(unit.legal_representative for unit in rules.units())]
    assert max(int(person.number[6:10]) for person in people) < 1915
