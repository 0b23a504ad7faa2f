"""The made-up legacy accounts: enough of each outcome, the same every time, and hashed in every known way."""

from collections import Counter

import pytest

from tongban.demo import rules, torch
from tongban.kernel.documents import parse_document
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import Uscc
from tongban.transfer.answers import ANSWERS
from tongban.transfer.legacy_hash import LegacyHash, LegacyKind


def test_there_are_enough_of_every_outcome() -> None:
    counted = Counter(one.outcome for one in torch.accounts())
    assert set(counted) == {outcome.value for outcome in ANSWERS}
    assert min(counted.values()) >= 3


def test_keys_and_phones_are_valid_and_nobody_elses() -> None:
    units = [one for one in torch.accounts() if one.unit]
    assert {one.key for one in units} == {Uscc.parse(one.key).value for one in units}
    persons = [one for one in torch.accounts() if not one.unit]
    assert {one.key for one in persons} == {Mobile.parse(one.key).value for one in persons}
    assert len({one.key for one in torch.accounts()}) == len(torch.accounts())
    phones = {one.phone for one in torch.accounts()}
    others = {one.before.phone for one in torch.accounts() if one.before and one.before.phone != one.phone}
    assert len(phones) == len(torch.accounts())
    assert not phones & others


def test_the_units_and_people_are_new_and_satisfy_the_rules() -> None:
    units, people = torch.units(), [*torch.people(), *(unit.legal_representative for unit in torch.units())]
    everybody = [*people, *rules.people(), *(unit.legal_representative for unit in rules.units())]
    assert len({person.number for person in everybody}) == len(everybody)
    assert len({unit.name for unit in (*units, *rules.units())}) == len(units) + len(rules.units())
    for person in people:
        assert parse_document(person.document, person.number).number == person.number
        assert PersonName.parse(person.name).value == person.name
        assert int(person.number[6:10]) < 1915, "nobody made up can be alive"
    for unit in units:
        assert Uscc.parse(unit.uscc).warnings == ()
        assert UnitName.parse(unit.name).value == unit.name


@pytest.mark.parametrize("kind", LegacyKind)
def test_a_hash_of_every_kind_is_one_the_platform_reads(kind: LegacyKind) -> None:
    made = torch.legacy_hash(kind, "a password", salt="0123456789abcdef")
    read = LegacyHash.parse(made)
    assert read.kind is kind
    assert read.opens("a password")
    assert not read.opens("another")
    assert made == torch.legacy_hash(kind, "a password", salt="0123456789abcdef")


def test_every_kind_of_hash_is_among_the_accounts() -> None:
    brought = [one for one in torch.accounts() if one.kind]
    assert {one.kind for one in brought} == set(LegacyKind)
    assert all(LegacyHash.parse(one.hashed()).opens(torch.LEGACY_PASSWORD) for one in brought[:12])
    (weak,) = [one for one in brought if one.password == torch.WEAK_PASSWORD]
    assert LegacyHash.parse(weak.hashed()).opens(torch.WEAK_PASSWORD)
    with pytest.raises(ValueError, match="E0a"):
        torch.accounts()[0].hashed()


def test_what_is_shown_is_enough_to_walk_through() -> None:
    for shown in (one.shown() for one in torch.accounts()):
        assert set(shown) == {"outcome", "realm_before", "key", "password", "expected_login", "note", "phone"}
        registers = shown["outcome"] in {"E0a", "P0"}
        assert (shown["password"] == "", shown["expected_login"] == "") == (registers, registers)
