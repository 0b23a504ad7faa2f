"""Somebody who can write the database, and more, tries to change what happened; verification finds it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.unit.audit.trail import event_of, found, happen, sealed_trail, sql
from tongban.audit import keys
from tongban.audit.findings import Kind
from tongban.audit.flows.seal import seal_waiting
from tongban.audit.flows.verify import verify
from tongban.audit.models import Event, Seal, Waiting
from tongban.kernel import clock
from tongban.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def test_untouched_trail_is_intact() -> None:
    sealed_trail()
    assert found() == set()
    report = verify()
    assert (report.sealed, report.start, report.last, report.anchored, report.waiting) == (6, 0, 6, 6, 0)


def test_empty_trail_is_intact() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "test:trail:other"),
        ("at", "2020-01-01 00:00:00.000001"),
        ("actor_kind", "natural"),
        ("actor_id", "somebody"),
        ("subject", UUID(int=7)),
        ("facts", '{"number": 99}'),
        ("request_id", "r"),
        ("network", "n"),
        ("key_id", "00000000"),
        ("mac", "0" * 64),
    ],
)
def test_edited_event(column: str, value: object) -> None:
    sealed_trail()
    assert sql(f"UPDATE audit_event SET {column} = %s WHERE id = %s", value, event_of(3).id) == 1
    assert found() == {(Kind.EVENT_ALTERED, 3)}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("sealed_at", "2020-01-01 00:00:00"),
        ("key_id", "00000000"),
        ("event_id", UUID(int=7)),
        ("event_digest", "0" * 64),
    ],
)
def test_edited_seal(column: str, value: object) -> None:
    sealed_trail()
    assert sql(f"UPDATE audit_seal SET {column} = %s WHERE sequence = 3", value) == 1
    assert (Kind.SEAL_ALTERED, 3) in found()


def test_edited_mac_of_a_seal_breaks_the_next_one_too() -> None:
    sealed_trail()
    sql("UPDATE audit_seal SET mac = %s WHERE sequence = 3", "0" * 64)
    assert found() == {(Kind.SEAL_ALTERED, 3), (Kind.SEAL_ALTERED, 4), (Kind.ANCHOR_DIFFERS, 3)}


def test_event_and_its_seal_edited_to_fit_each_other() -> None:
    sealed_trail()
    sql("UPDATE audit_event SET actor_id = 'somebody' WHERE id = %s", event_of(3).id)
    sql("UPDATE audit_seal SET event_digest = %s WHERE sequence = 3", event_of(3).digest(keys.wanted_hash()))
    assert found() == {(Kind.SEAL_ALTERED, 3), (Kind.EVENT_FORGED, 3)}


def test_removed_event() -> None:
    sealed_trail()
    sql("DELETE FROM audit_event WHERE id = %s", event_of(3).id)
    assert found() == {(Kind.EVENT_MISSING, 3)}


@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_removed_event_and_seal(sequence: int) -> None:
    sealed_trail()
    sql("DELETE FROM audit_event WHERE id = %s", event_of(sequence).id)
    sql("DELETE FROM audit_seal WHERE sequence = %s", sequence)
    assert (Kind.SEAL_MISSING, sequence) in found()


def test_removed_event_with_the_numbers_closed_up() -> None:
    sealed_trail()
    sql("DELETE FROM audit_event WHERE id = %s", event_of(2).id)
    sql("DELETE FROM audit_seal WHERE sequence = 2")
    for sequence in range(3, 7):
        sql("UPDATE audit_seal SET sequence = %s WHERE sequence = %s", sequence - 1, sequence)
    assert (Kind.SEAL_ALTERED, 2) in found()
    assert (Kind.TAIL_CUT_OFF, 6) in found()


def test_removed_seal() -> None:
    sealed_trail()
    sql("DELETE FROM audit_seal WHERE sequence = 2")
    assert found() == {(Kind.SEAL_MISSING, 2), (Kind.EVENT_STRAY, None)}


def test_event_removed_before_it_is_sealed() -> None:
    (event_id,) = happen()
    sql("DELETE FROM audit_event WHERE id = %s", event_id)
    assert seal_waiting() == 1
    assert found() == {(Kind.EVENT_VANISHED, 1)}


def test_vanished_event_put_back_changed() -> None:
    (event_id,) = happen()
    row = Event.objects.filter(id=event_id).values().get()
    sql("DELETE FROM audit_event WHERE id = %s", event_id)
    seal_waiting()
    Event.objects.bulk_create([Event(**row | {"actor_id": "somebody"})])
    assert found() == {(Kind.EVENT_ALTERED, 1)}


def test_event_edited_before_it_is_sealed() -> None:
    (event_id,) = happen()
    sql("UPDATE audit_event SET actor_id = 'somebody' WHERE id = %s", event_id)
    assert found() == {(Kind.EVENT_FORGED, None)}
    seal_waiting()
    assert found() == {(Kind.EVENT_FORGED, 1)}


def test_event_taken_off_the_queue() -> None:
    (event_id,) = happen()
    sql("DELETE FROM audit_waiting WHERE event_id = %s", event_id)
    assert seal_waiting() == 0
    assert found() == {(Kind.EVENT_STRAY, None)}


def test_swapped_events() -> None:
    sealed_trail()
    one, other = event_of(2).id, event_of(5).id
    sql("UPDATE audit_seal SET event_id = %s WHERE sequence = 2", UUID(int=1))
    sql("UPDATE audit_seal SET event_id = %s WHERE sequence = 5", one)
    sql("UPDATE audit_seal SET event_id = %s WHERE sequence = 2", other)
    assert found() == {(kind, at) for kind in (Kind.SEAL_ALTERED, Kind.EVENT_ALTERED) for at in (2, 5)}


def test_swapped_contents_of_events() -> None:
    sealed_trail()
    one, other = event_of(2), event_of(5)
    for event, donor in ((one, other), (other, one)):
        sql("UPDATE audit_event SET facts = %s, mac = %s WHERE id = %s", json.dumps(donor.facts), donor.mac, event.id)
    assert found() == {(Kind.EVENT_ALTERED, 2), (Kind.EVENT_ALTERED, 5)}


def test_swapped_seals() -> None:
    sealed_trail()
    for old, new in ((2, 100), (5, 2), (100, 5)):
        sql("UPDATE audit_seal SET sequence = %s WHERE sequence = %s", new, old)
    assert {(Kind.SEAL_ALTERED, 2), (Kind.SEAL_ALTERED, 5)} <= found()


def forged(**changes: object) -> Event:
    """Return an event as an attacker without the key would write it, after a genuine one."""
    row = Event.objects.order_by("id").values().first()
    assert row is not None
    return Event(**row | {"id": new_id(), "actor_id": "innocent"} | changes)


def test_inserted_event() -> None:
    sealed_trail()
    Event.objects.bulk_create([forged()])
    assert found() == {(Kind.EVENT_STRAY, None)}


def test_inserted_event_that_gets_itself_sealed() -> None:
    sealed_trail()
    event = forged()
    Event.objects.bulk_create([event])
    Waiting.objects.create(event_id=event.id)
    assert found() == {(Kind.EVENT_FORGED, None)}
    seal_waiting()
    assert found() == {(Kind.EVENT_FORGED, 7)}


def test_genuine_event_copied_under_another_id() -> None:
    sealed_trail()
    event = forged(actor_id="")
    Event.objects.bulk_create([event])
    Waiting.objects.create(event_id=event.id)
    seal_waiting()
    assert found() == {(Kind.EVENT_FORGED, 7)}


def test_inserted_seal() -> None:
    ids = sealed_trail()
    sql("UPDATE audit_seal SET sequence = 7 WHERE sequence = 6")
    Seal.objects.bulk_create(
        [Seal(sequence=6, event_id=UUID(int=9), event_digest="0" * 64, sealed_at=clock.now(), key_id="", mac="1" * 64)]
    )
    assert ids
    assert {(Kind.SEAL_ALTERED, 6), (Kind.SEAL_ALTERED, 7), (Kind.ANCHOR_DIFFERS, 6)} <= found()


def test_event_queued_a_second_time_gets_no_second_seal() -> None:
    first, *_ = sealed_trail()
    Waiting.objects.create(event_id=first)
    happen()
    seal_waiting()
    assert found() == set()
    assert not Waiting.objects.exists()
    Waiting.objects.create(event_id=first)
    assert seal_waiting() == 0
    assert not Waiting.objects.exists()


def test_tail_cut_off() -> None:
    sealed_trail()
    for sequence in (6, 5):
        sql("DELETE FROM audit_event WHERE id = %s", event_of(sequence).id)
        sql("DELETE FROM audit_seal WHERE sequence = %s", sequence)
    assert found() == {(Kind.TAIL_CUT_OFF, 6)}


def test_tail_cut_off_and_grown_again() -> None:
    sealed_trail()
    for sequence in (6, 5):
        sql("DELETE FROM audit_event WHERE id = %s", event_of(sequence).id)
        sql("DELETE FROM audit_seal WHERE sequence = %s", sequence)
    happen(2)
    seal_waiting()
    assert found() == {(Kind.ANCHOR_DIFFERS, 6)}


def test_everything_removed() -> None:
    sealed_trail()
    for table in ("audit_event", "audit_seal"):
        sql(f"DELETE FROM {table}")
    assert found() == {(Kind.TAIL_CUT_OFF, 3), (Kind.TAIL_CUT_OFF, 6)}


def test_anchors_removed_edited_or_unreadable(settings: Any, tmp_path: Path) -> None:
    sealed_trail()
    file: Path = settings.AUDIT_ANCHORS
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(file.read_bytes())
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(file.read_text().replace('"sequence": 3', '"sequence": 4') + "half a li\n[]\n")
    assert found() == {(Kind.ANCHOR_DIFFERS, 4), (Kind.ANCHOR_UNREADABLE, None)}
    file.unlink()
    assert found() == {(Kind.ANCHORS_MISSING, None)}
    assert Kind.ANCHORS_MISSING not in {finding.kind for finding in verify(anchor_file=copy).findings}


def test_chain_rewritten_with_other_keys(ring_file: Path) -> None:
    """Whoever holds the database and this machine's key file still meets the anchors that left the machine."""
    sealed_trail()
    ids = list(Seal.objects.order_by("sequence").values_list("event_id", flat=True))
    sql("DELETE FROM audit_seal")
    for event_id in ids[1:]:
        Waiting.objects.create(event_id=event_id)
    sql("DELETE FROM audit_event WHERE id = %s", ids[0])
    seal_waiting()
    assert {(Kind.ANCHOR_DIFFERS, 3), (Kind.TAIL_CUT_OFF, 6)} <= found()


def test_key_gone(ring_file: Path) -> None:
    sealed_trail(2)
    ring_file.unlink()
    keys.key_file().forget()
    assert found() == {(kind, at) for kind in (Kind.SEAL_ALTERED, Kind.EVENT_FORGED) for at in (1, 2)}


def test_event_that_waits_too_long(time: Any) -> None:
    happen(2)
    time.forward(minutes=9)
    report = verify()
    assert report.waiting == 2
    assert report.oldest_waiting == timedelta(minutes=9)
    assert found() == set()
    time.forward(minutes=2)
    assert found() == {(Kind.EVENT_LATE, None)}


def test_retirement_nobody_attests() -> None:
    ids = sealed_trail()
    last = Seal.objects.get(sequence=4)
    statement = "INSERT INTO audit_retirement (through, mac, archive_digest, event_id) VALUES (4, %s, 'a', %s)"
    sql(statement, last.mac, UUID(int=1))
    assert found() == {(Kind.RETIREMENT_UNPROVED, 4)}
    sql("UPDATE audit_retirement SET event_id = %s", ids[5])
    assert found() == {(Kind.RETIREMENT_UNPROVED, 4)}
    sql(
        "UPDATE audit_event SET facts = %s WHERE id = %s",
        json.dumps({"through": 4, "mac": last.mac, "archive": "a"}),
        ids[5],
    )
    assert (Kind.RETIREMENT_UNPROVED, 4) in found()
