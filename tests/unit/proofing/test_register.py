"""The embedded register as an authority, and the rehearsal's switch."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.unit.proofing.conftest import on_record, unit_on_record
from tests.unit.proofing.people import person, resident_id, unit
from tongban.audit.actors import Actor
from tongban.kernel.documents import Document, DocumentKind
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType
from tongban.proofing.authority import Authority, configured
from tongban.proofing.entries import PersonEntries, UnitEntries
from tongban.proofing.errors import AuthorityMisconfigured
from tongban.proofing.flows.switch_authority import switch_authority
from tongban.proofing.models import RegisterPerson, RegisterUnit
from tongban.proofing.rules import Answer
from tongban.vault import keys
from tongban.vault.flows.reencrypt import walk
from tongban.vault.flows.rotate import rotate

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def authority() -> Authority:
    (one,) = configured()
    return one


def ask(entries: PersonEntries) -> Answer | None:
    return authority().check_person(name=entries.name, document=entries.document, within=3)


def ask_unit(entries: UnitEntries) -> Answer | None:
    return authority().check_unit(
        unit_name=entries.unit_name,
        uscc=entries.uscc,
        representative_name=entries.representative_name,
        representative_document=entries.representative_document,
        within=3,
    )


def test_the_register_is_the_authority_unless_another_is_configured() -> None:
    assert isinstance(authority(), Authority)
    assert authority().name == "register"


@pytest.mark.parametrize("path", ["tongban.nowhere.Nobody", "tongban.kernel.ids.new_id"])
def test_what_is_no_authority_is_refused(settings: Settings, path: str) -> None:
    settings.AUTHORITY = [path]
    with pytest.raises(AuthorityMisconfigured):
        configured()


@pytest.mark.usefixtures("zhang_san")
def test_a_person_matches_by_document_and_name() -> None:
    assert ask(person()) is Answer.MATCH
    assert ask(person(name="张四")) is Answer.MISMATCH
    assert ask(person(2)) is Answer.NO_RECORD


def test_a_name_matches_however_its_dots_are_written() -> None:
    on_record(person(name="阿依古丽·买买提"))
    assert ask(person(name="阿依古丽•买买提")) is Answer.MATCH


def test_the_same_passport_number_of_another_country_is_another_passport() -> None:
    name = PersonName.parse("JOHN SMITH")
    british = PersonEntries(name, Document(DocumentKind.PASSPORT, "X1234567", "GBR"))
    row = on_record(british)
    assert row._meta.get_field("document_index").index_of(row) == row.document_index
    assert ask(british) is Answer.MATCH
    assert ask(PersonEntries(name, Document(DocumentKind.PASSPORT, "X1234567", "USA"))) is Answer.NO_RECORD


@pytest.mark.usefixtures("example_unit")
def test_a_unit_matches_only_in_all_four_entries() -> None:
    assert ask_unit(unit()) is Answer.MATCH
    assert ask_unit(replace(unit(), unit_name=UnitName.parse("另一公司"))) is Answer.MISMATCH
    assert ask_unit(replace(unit(), representative_name=PersonName.parse("赵六"))) is Answer.MISMATCH
    assert ask_unit(replace(unit(), representative_document=resident_id(99))) is Answer.MISMATCH
    assert ask_unit(unit(uscc="12110000000000000K")) is Answer.NO_RECORD


def test_the_register_covers_the_kinds_it_holds() -> None:
    assert not authority().covers_person(DocumentKind.RESIDENT_ID)
    assert not authority().covers_unit(UnitType.ENTERPRISE)
    on_record(person())
    unit_on_record(unit())
    assert authority().covers_person(DocumentKind.RESIDENT_ID)
    assert not authority().covers_person(DocumentKind.PASSPORT)
    assert authority().covers_unit(UnitType.ENTERPRISE)
    assert not authority().covers_unit(UnitType.FOUNDATION)


@pytest.mark.parametrize("answer", [Answer.MISMATCH, Answer.NO_RECORD, Answer.UNAVAILABLE])
def test_a_rehearsal_forces_answers(answer: Answer) -> None:
    on_record(person(), answer=answer)
    unit_on_record(unit(), answer=answer)
    assert ask(person()) is answer
    assert ask_unit(unit()) is answer


@pytest.mark.usefixtures("zhang_san")
def test_while_the_register_is_off_nobody_is_answered() -> None:
    switch_authority(actor=SYSTEM, available=False)
    assert ask(person()) is Answer.UNAVAILABLE
    assert ask(person(2)) is Answer.UNAVAILABLE
    switch_authority(actor=SYSTEM, available=True)
    assert ask(person()) is Answer.MATCH


def test_unavailable_people_match_once_the_register_is_switched_on_after_they_were_asked_for() -> None:
    on_record(person(1), answer=Answer.UNAVAILABLE)
    on_record(person(2), answer=Answer.UNAVAILABLE)
    switch_authority(actor=SYSTEM, available=True)
    assert ask(person(1)) is ask(person(1)) is Answer.UNAVAILABLE
    switch_authority(actor=SYSTEM, available=True)
    assert ask(person(1)) is Answer.MATCH
    assert ask(person(1, name="别人")) is Answer.MISMATCH
    assert ask(person(2)) is Answer.UNAVAILABLE


def test_being_asked_for_counts_while_the_register_is_off_as_well() -> None:
    unit_on_record(unit(), answer=Answer.UNAVAILABLE)
    switch_authority(actor=SYSTEM, available=False)
    assert ask_unit(unit()) is Answer.UNAVAILABLE
    switch_authority(actor=SYSTEM, available=True)
    assert ask_unit(unit()) is Answer.MATCH


@pytest.mark.usefixtures("zhang_san", "example_unit")
def test_the_register_can_make_its_indexes_again() -> None:
    known, known_unit = RegisterPerson.objects.get(), RegisterUnit.objects.get()
    for row, names in (
        (known, ("document_index", "name_index")),
        (known_unit, ("representative_document_index", "representative_name_index")),
    ):
        for name in names:
            field = row._meta.get_field(name)
            assert field.index_of(row) == getattr(row, name)  # type: ignore[union-attr]


def test_people_are_found_while_keys_are_replaced_and_afterwards(settings: Settings, tmp_path: Path) -> None:
    settings.VAULT_KEY_RING = tmp_path / "vault.json"
    on_record(person())
    unit_on_record(unit())
    for use in keys.USES:
        rotate(actor=SYSTEM, use=use, ready_in=timedelta(0))
    assert ask(person()) is ask_unit(unit()) is Answer.MATCH
    before = RegisterPerson.objects.get().document_index
    assert sum(walk(actor=SYSTEM)) == 2
    assert RegisterPerson.objects.get().document_index != before
    assert ask(person()) is ask_unit(unit()) is Answer.MATCH
