"""New keys while the platform runs: nothing gets unreadable, every row moves, nothing needed is thrown away."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from tests.moved_clock import MovedClock
from tests.parallel import in_parallel
from tests.unit.vault.sample.models import Extra, Person
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.kernel import key_ring
from tongban.kernel.key_ring import KeyFile, KeyRingError, new_key
from tongban.vault import blind_index, digests, keys, queries, sealing
from tongban.vault.errors import KeyInUse, KeyUnknown, NotSealed, Tampered
from tongban.vault.flows import reencrypt
from tongban.vault.flows.erase import erase
from tongban.vault.flows.reencrypt import Walker, walk
from tongban.vault.flows.retire_key import retire_key
from tongban.vault.flows.rotate import READY_IN, rotate
from tongban.vault.purposes import Purpose

DOMAIN = "sample.person.phone"
ME = Actor.operator("me")


def phones(count: int) -> list[str]:
    return [f"138{number:08}" for number in range(count)]


def people(count: int) -> list[Person]:
    return Person.objects.bulk_create(
        [Person(phone=phone, phone_index=blind_index.of(DOMAIN, phone), name="张三") for phone in phones(count)]
    )


def rotate_all(time: MovedClock) -> None:
    for use in keys.USES:
        rotate(actor=ME, use=use)
    time.forward(seconds=120)


def stale() -> int:
    return sum(queries.stale_rows(holder).count() for holder in queries.holders())


def events(name: str) -> list[Event]:
    return list(Event.objects.filter(name=name))


@pytest.mark.django_db
def test_new_key_waits_until_every_process_knows_it(time: MovedClock) -> None:
    before = keys.current(keys.SEAL)
    new = rotate(actor=ME, use=keys.SEAL)
    assert keys.current(keys.SEAL) == before
    time.forward(seconds=60)
    assert keys.current(keys.SEAL) == new
    (event,) = events("vault:key:rotated")
    assert event.facts["key"] == new.id
    assert event.actor_id == "me"


@pytest.mark.django_db
def test_key_file_that_cannot_be_changed_leaves_no_event(ring_file: Path) -> None:
    keys.current(keys.SEAL)
    ring_file.chmod(0o644)
    with pytest.raises(KeyRingError):
        rotate(actor=ME, use=keys.SEAL)
    assert not events("vault:key:rotated")


@pytest.mark.django_db
def test_old_values_stay_readable_and_findable(time: MovedClock) -> None:
    (row,) = people(1)
    code = digests.keyed("code", "123456")
    rotate_all(time)
    assert blind_index.of(DOMAIN, phones(1)[0]) != row.phone_index
    found = Person.objects.get(phone_index__in=blind_index.candidates(DOMAIN, phones(1)[0]))
    assert found.phone is not None
    assert found.phone.reveal(Purpose.MATCH) == phones(1)[0]
    assert digests.matches(code, "code", "123456")
    assert digests.keyed("code", "123456") != code


@pytest.mark.django_db
def test_walk_brings_every_row_under_the_new_keys(time: MovedClock) -> None:
    rows = people(5)
    Extra.objects.create(person=rows[0], note="secret")
    Person.objects.create(phone=None, name="李四")
    rotate_all(time)
    assert stale() == 7
    assert list(walk(actor=ME, batch=2)) == [1, 2, 2, 2]
    assert stale() == 0
    old_keys = [key for use in (keys.SEAL, keys.INDEX) for key in keys.all_keys(use)[1:]]
    assert [queries.rows_of_key(key) for key in old_keys] == [0, 0]
    for phone in phones(5):
        row = Person.objects.get(phone_index=blind_index.of(DOMAIN, phone))
        assert row.phone is not None
        assert row.phone.reveal(Purpose.MATCH) == phone
        assert row.name.reveal(Purpose.SHOW_OWNER) == "张三"
    assert [event.facts for event in events("vault:data:reencrypted")] == [{"renewed": 7, "damaged": 0, "conflicts": 0}]


@pytest.mark.django_db
def test_walk_without_stale_rows_says_nothing() -> None:
    people(1)
    assert list(walk(actor=ME)) == []
    assert not events("vault:data:reencrypted")


@pytest.mark.django_db
def test_walk_that_was_killed_goes_on_with_the_rest(time: MovedClock) -> None:
    people(6)
    rotate_all(time)
    next(walk(actor=ME, batch=2))
    assert stale() == 4
    assert list(walk(actor=ME, batch=2)) == [2, 2]


@pytest.mark.django_db
def test_row_changed_meanwhile_keeps_the_change(time: MovedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = people(1)
    rotate_all(time)
    original = reencrypt._renewed_values

    def change_first(holder: queries.Holder, seen: Person) -> object:
        values = original(holder, seen)
        row.phone = "13911112222"
        row.save()
        return values

    monkeypatch.setattr(reencrypt, "_renewed_values", change_first)
    list(walk(actor=ME))
    phone = Person.objects.get(pk=row.pk).phone
    assert phone is not None
    assert phone.reveal(Purpose.MATCH) == "13911112222"


@pytest.mark.django_db
def test_row_that_went_fresh_between_two_looks_is_left_alone(time: MovedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    people(1)
    monkeypatch.setattr(queries, "stale_rows", lambda holder: holder.model._base_manager.all())
    assert list(walk(actor=ME)) == [1]
    assert not events("vault:data:reencrypted")


@pytest.mark.django_db
def test_damaged_row_is_told_and_stops_nothing(time: MovedClock) -> None:
    first, second = people(2)
    Person.objects.filter(pk=second.pk).update(phone=Person.objects.get(pk=first.pk).phone)
    rotate_all(time)
    assert list(walk(actor=ME)) == [2]
    assert stale() == 1
    (event,) = events("vault:row:damaged")
    assert event.subject == second.pk
    time.forward(days=30)
    with pytest.raises(KeyInUse):
        retire_key(actor=ME, key_id=keys.all_keys(keys.SEAL)[1].id)


@pytest.mark.django_db
def test_two_rows_with_one_value_are_told(time: MovedClock) -> None:
    (row,) = people(1)
    rotate_all(time)
    twin = Person.objects.create(phone=phones(1)[0], phone_index=blind_index.of(DOMAIN, phones(1)[0]), name="李四")
    list(walk(actor=ME))
    (event,) = events("vault:row:index_conflict")
    assert event.subject == row.pk
    assert twin.phone_index != Person.objects.get(pk=row.pk).phone_index


@pytest.mark.django_db
def test_worker_walks_once_for_each_pair_of_keys(time: MovedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "__kwdefaults__", {"batch": 2})
    worker = Walker()
    people(3)
    assert worker.run() == 0
    rotate(actor=ME, use=keys.SEAL)
    time.forward(seconds=90)
    assert worker.run() == 0
    assert stale() == 3
    time.forward(seconds=60)
    assert [worker.run() for _ in range(4)] == [2, 1, 0, 0]
    assert stale() == 0


@pytest.mark.django_db
def test_worker_starts_again_when_the_keys_change_on_the_way(time: MovedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "__kwdefaults__", {"batch": 2})
    worker = Walker()
    people(3)
    rotate_all(time)
    assert worker.run() == 2
    rotate_all(time)
    assert [worker.run() for _ in range(3)] == [2, 1, 0]
    assert stale() == 0


@pytest.mark.django_db
def test_key_leaves_the_ring_once_nothing_needs_it(time: MovedClock) -> None:
    people(1)
    (old,) = keys.all_keys(keys.SEAL)
    with pytest.raises(KeyInUse):
        retire_key(actor=ME, key_id=old.id)
    rotate_all(time)
    with pytest.raises(KeyInUse):
        retire_key(actor=ME, key_id=old.id)
    time.forward(days=7)
    with pytest.raises(KeyInUse) as caught:
        retire_key(actor=ME, key_id=old.id)
    assert caught.value.params["rows"] == 2
    list(walk(actor=ME))
    retire_key(actor=ME, key_id=old.id)
    assert old not in keys.all_keys(keys.SEAL)
    assert [event.facts["key"] for event in events("vault:key:retired")] == [old.id]
    with pytest.raises(KeyUnknown):
        retire_key(actor=ME, key_id=old.id)


@pytest.mark.django_db
def test_value_of_a_key_that_is_gone_is_an_error_of_its_own(time: MovedClock, ring_file: Path) -> None:
    sealed = sealing.seal(b"x", context="c")
    digest = digests.keyed("d", "x")
    key_ring.change(ring_file, lambda ring: keys.first_keys())
    keys.key_file().forget()
    with pytest.raises(KeyUnknown):
        sealing.open_sealed(sealed, context="c")
    assert not digests.matches(digest, "d", "x")


@pytest.mark.django_db
def test_key_of_a_suite_this_release_lacks_is_refused(ring_file: Path) -> None:
    key_ring.create(ring_file, [new_key(use, "of-tomorrow") for use in keys.USES])
    with pytest.raises(KeyUnknown):
        sealing.seal(b"x", context="c")


@pytest.mark.django_db
def test_erased_values_stay_erased_through_rotation(time: MovedClock) -> None:
    row, other = people(2)
    erase(actor=ME, row=row, fields=["phone", "phone_index", "name"], reason="closed")
    assert row.phone is not None
    assert row.phone.erased
    again = Person.objects.get(pk=row.pk)
    assert again.phone is not None
    assert again.phone.erased
    assert again.name.erased
    assert not Person.objects.filter(phone_index__in=blind_index.candidates(DOMAIN, phones(1)[0])).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(DISTINCT phone) FROM vault_sample_person")
        assert cursor.fetchone()[0] == 2
    (event,) = events("vault:row:erased")
    assert event.subject == row.pk
    assert event.facts["fields"] == "name,phone,phone_index"
    rotate_all(time)
    assert list(walk(actor=ME)) == [1]
    assert Person.objects.get(pk=other.pk).name.reveal(Purpose.SHOW_OWNER) == "张三"
    again.save()
    assert Person.objects.get(pk=row.pk).name.erased


@pytest.mark.skipif("postgresql" in settings.DATABASES["default"]["ENGINE"], reason="looks into the SQLite file")
@pytest.mark.django_db(transaction=True)
def test_erased_ciphertext_is_not_left_in_the_database_file() -> None:
    row, _other = people(2)
    assert row.phone is not None
    ciphertext = row.phone.ciphertext()
    assert ciphertext in _database_file()
    erase(actor=ME, row=row, fields=["phone"], reason="closed")
    assert ciphertext not in _database_file()


def _database_file() -> bytes:
    """Return the database file with everything written back from the write-ahead log."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(connection.settings_dict["NAME"]).read_bytes()


@pytest.mark.django_db
def test_erasing_a_plain_field_is_refused() -> None:
    (row,) = people(1)
    with pytest.raises(NotSealed):
        erase(actor=ME, row=row, fields=["id"], reason="x")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_workers_and_writers_at_once_lose_nothing(time: MovedClock) -> None:
    rows = people(12)
    rotate_all(time)

    def act(number: int) -> None:
        if number < 3:
            list(walk(actor=ME, batch=3))
        else:
            row = Person.objects.get(pk=rows[number].pk)
            row.phone = f"139{number:08}"
            row.phone_index = blind_index.of(DOMAIN, f"139{number:08}")
            row.save()

    assert [result for result in in_parallel(12, act) if result is not None] == []
    list(walk(actor=ME))
    assert stale() == 0
    for number, row in enumerate(rows):
        expected = f"{'138' if number < 3 else '139'}{number:08}"
        phone = Person.objects.get(phone_index=blind_index.of(DOMAIN, expected)).phone
        assert phone is not None
        assert phone.reveal(Purpose.MATCH) == expected
        assert Person.objects.get(pk=row.pk).name.reveal(Purpose.SHOW_OWNER) == "张三"


def test_threads_seal_and_open_with_one_ring() -> None:
    def turn(number: int) -> bytes:
        return sealing.open_sealed(sealing.seal(str(number).encode(), context="c"), context="c")

    assert in_parallel(16, turn) == [str(number).encode() for number in range(16)]


def test_nonces_are_never_the_same() -> None:
    sealed = [sealing.seal(b"", context="c") for _ in range(5000)]
    assert len({value[sealing.HEADER_BYTES : sealing.HEADER_BYTES + 12] for value in sealed}) == 5000


def test_bytes_that_were_never_sealed_are_refused() -> None:
    for junk in (b"", b"\x01", b"\x02" + bytes(40), b"\x00erased"):
        with pytest.raises(Tampered):
            sealing.open_sealed(junk, context="c")


@override_settings(PROFILE="production", VAULT_KEY_RING=None)
def test_production_without_a_path_is_refused() -> None:
    with pytest.raises(KeyRingError, match="path_missing setting=VAULT_KEY_RING"):
        keys.key_file()


@override_settings(PROFILE="production")
def test_production_never_makes_keys_by_itself(ring_file: Path) -> None:
    with pytest.raises(KeyRingError, match="missing"):
        keys.current(keys.SEAL)
    assert not ring_file.exists()


def test_demo_makes_its_keys_under_home(tmp_path: Path) -> None:
    with override_settings(PROFILE="demo", VAULT_KEY_RING=None, HOME=tmp_path):
        assert isinstance(keys.key_file(), KeyFile)
        assert keys.current(keys.SEAL).use == "seal"
    assert (tmp_path / "keys" / "vault.json").exists()


def test_ready_in_is_longer_than_processes_take_to_notice() -> None:
    assert timedelta(seconds=KeyFile.LOOK_AGAIN) < READY_IN
