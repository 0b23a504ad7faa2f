"""Sealed fields: what reaches the database, what comes back, and what an attacker who can write the database gets."""

import copy
import pickle
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, transaction
from django.forms import modelform_factory

from tests.unit.vault.sample.models import Extra, Person
from tongban.vault import sealing
from tongban.vault.errors import Erased, KeyUnknown, NotSealed, PurposeRefused, Tampered
from tongban.vault.purposes import Purpose
from tongban.vault.sealed import Place, Sealed

pytestmark = pytest.mark.django_db
PHONE, NAME = "13800001111", "欧阳·娜娜𠮷"


def person(*, phone: str | None = PHONE, name: str = NAME) -> Person:
    return Person.objects.create(phone=phone, name=name)


def stored(row: Person, column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM vault_sample_person WHERE id = %s", [_key(row)])
        return bytes(cursor.fetchone()[0])


def store(row: Person, column: str, value: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE vault_sample_person SET {column} = %s WHERE id = %s", [value, _key(row)])


def _key(row: Person) -> str:
    return row.pk.hex if connection.vendor == "sqlite" else str(row.pk)


def shown(row: Person) -> str:
    phone = Person.objects.get(pk=row.pk).phone
    assert phone is not None
    return phone.reveal(Purpose.MATCH)


def test_value_survives_and_the_database_never_sees_it() -> None:
    row = Person.objects.get(pk=person().pk)
    assert isinstance(row.phone, Sealed)
    assert row.phone.reveal(Purpose.DELIVER_MESSAGE) == PHONE
    assert row.name.reveal(Purpose.SHOW_OWNER) == NAME
    assert PHONE.encode() not in stored(row, "phone")
    assert NAME.encode() not in stored(row, "name")


def test_same_value_is_never_the_same_bytes() -> None:
    assert stored(person(), "phone") != stored(person(), "phone")


def test_none_stays_none_and_empty_stays_empty() -> None:
    row = Person.objects.get(pk=person(phone=None, name="").pk)
    assert row.phone is None
    assert row.name.reveal(Purpose.SHOW_OWNER) == ""


def test_value_can_be_read_before_and_after_saving() -> None:
    row = Person(phone=PHONE, name=NAME)
    assert row.phone is not None
    assert row.phone.reveal(Purpose.MATCH) == PHONE
    row.save()
    assert row.phone.reveal(Purpose.MATCH) == PHONE


def test_saving_again_keeps_the_bytes() -> None:
    row = person()
    before = stored(row, "phone")
    Person.objects.get(pk=row.pk).save()
    assert stored(row, "phone") == before


def test_value_moves_between_rows_through_the_model() -> None:
    giver, taker = person(), person(phone=None)
    taker.phone = Person.objects.get(pk=giver.pk).phone
    taker.save()
    assert shown(taker) == PHONE
    assert stored(taker, "phone") != stored(giver, "phone")


def test_deferred_and_refreshed_values_find_their_row() -> None:
    row = Person.objects.defer("phone").get(pk=person().pk)
    assert row.phone is not None
    assert row.phone.reveal(Purpose.MATCH) == PHONE
    row.refresh_from_db()
    assert row.phone.reveal(Purpose.MATCH) == PHONE


def test_row_that_has_another_rows_key() -> None:
    extra = Extra.objects.create(person=person(), note="secret")
    assert Extra.objects.get(pk=extra.pk).note.reveal(Purpose.REVIEW) == "secret"


def test_many_rows_at_once() -> None:
    rows = Person.objects.bulk_create([Person(phone=f"1380000000{n}", name=NAME) for n in range(3)])
    assert [shown(row) for row in rows] == ["13800000000", "13800000001", "13800000002"]


def test_purpose_the_field_was_not_made_for_is_refused() -> None:
    with pytest.raises(PurposeRefused):
        person().name.reveal(Purpose.RELEASE_CLAIM)


def test_reveal_is_logged_without_the_value(caplog: pytest.LogCaptureFixture) -> None:
    row = person()
    with caplog.at_level("INFO", logger="tongban.vault.reveal"):
        shown(row)
    assert caplog.messages == [f"sample.person.phone of row {row.pk} revealed to match"]


def test_value_never_prints_itself() -> None:
    for value in (Sealed.of(PHONE), person().phone):
        for text in (
            repr(value),
            str(value),
            f"{value}",
            f"{value!s:>20}",
            repr([value]),
            repr(vars(person())),
        ):
            assert PHONE not in text
        with pytest.raises(NotSealed):
            pickle.dumps(value)
        assert copy.copy(value) is value
        assert copy.deepcopy([value]) == [value]


def test_value_never_leaves_in_dumps_or_generated_forms() -> None:
    with pytest.raises(NotSealed):
        serializers.serialize("json", [person()])
    with pytest.raises(FieldError):
        modelform_factory(Person, fields=["phone"])


def test_text_cannot_pass_by_the_model() -> None:
    row = person()
    for text in ("13900000000", Sealed.of("13900000000")):
        with pytest.raises(NotSealed), transaction.atomic():
            Person.objects.filter(pk=row.pk).update(phone=text)
    with pytest.raises(NotSealed):
        Person.objects.filter(phone=PHONE).exists()
    with pytest.raises(FieldError):
        Person.objects.filter(phone__contains=PHONE).exists()
    with pytest.raises(NotSealed):
        Person(phone=13800001111, name=NAME)
    Person.objects.filter(pk=row.pk).update(phone=None)
    assert Person.objects.filter(phone__isnull=True).get() == row


def test_values_without_their_row_stay_closed() -> None:
    person()
    (value,) = Person.objects.values_list("phone", flat=True)
    assert value is not None
    with pytest.raises(NotSealed):
        value.reveal(Purpose.MATCH)
    with pytest.raises(NotSealed):
        value.renewed()


def test_row_without_a_primary_key_is_refused() -> None:
    row = Person(phone=PHONE, name=NAME)
    row.pk = None
    with pytest.raises(NotSealed):
        Person._meta.get_field("phone").pre_save(row, add=True)


def test_every_altered_byte_is_found() -> None:
    row = person()
    good = stored(row, "phone")
    for position in range(len(good)):
        store(row, "phone", good[:position] + bytes([good[position] ^ 1]) + good[position + 1 :])
        with pytest.raises((Tampered, KeyUnknown)):
            shown(row)
    store(row, "phone", good)
    assert shown(row) == PHONE


@pytest.mark.parametrize("cut", [0, 1, 5, 6, 17, 30])
def test_truncated_ciphertext_is_found(cut: int) -> None:
    row = person()
    store(row, "phone", stored(row, "phone")[:cut])
    with pytest.raises(Tampered):
        shown(row)


def test_ciphertext_moved_to_another_row_is_found() -> None:
    victim, attacker = person(), person(phone="13900000000")
    store(attacker, "phone", stored(victim, "phone"))
    with pytest.raises(Tampered):
        shown(attacker)
    assert shown(victim) == PHONE


def test_ciphertext_moved_to_another_field_of_the_row_is_found() -> None:
    row = person()
    store(row, "phone", stored(row, "name"))
    with pytest.raises(Tampered):
        shown(row)


def test_ciphertext_of_bytes_sealed_elsewhere_is_found() -> None:
    row = person()
    store(row, "phone", sealing.seal(b"13900000000", context="sample.person.phone"))
    with pytest.raises(Tampered):
        shown(row)


def test_context_and_row_cannot_run_into_each_other() -> None:
    sealed = sealing.seal(b"x", context="a.b", row="c")
    for context, row in (("a.bc", ""), ("a.", "bc"), ("a.b", "d"), ("a.b", "")):
        with pytest.raises(Tampered):
            sealing.open_sealed(sealed, context=context, row=row)


def test_erased_mark_moves_but_reveals_nothing() -> None:
    place, other = Place("c", str(uuid4())), Place("c", str(uuid4()))
    erased = Sealed.erased_at(place)
    assert erased.erased
    assert erased.at(other).erased
    with pytest.raises(Erased):
        erased.at(other).reveal(Purpose.MATCH)
