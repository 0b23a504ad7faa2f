"""Names, export, retirement, and the operators' commands."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from django.db import transaction
from django.test import override_settings

from tests.moved_clock import MovedClock
from tests.unit.audit.trail import HAPPENED, found, happen, sealed_trail, sql
from tongban.audit import checks, guard, keys, names, page, queries
from tongban.audit.actors import Actor
from tongban.audit.errors import NameRefused, RetireRefused
from tongban.audit.findings import Kind
from tongban.audit.flows.export import export
from tongban.audit.flows.record import record
from tongban.audit.flows.retire import retire
from tongban.audit.flows.seal import seal_waiting
from tongban.audit.flows.verify import verify
from tongban.audit.models import Event, Retirement, Seal
from tongban.audit.names import Name
from tongban.audit.queries import Criteria
from tongban.config.commands import audit as commands
from tongban.kernel import clock, key_ring
from tongban.kernel.key_ring import KeyRingError, new_key

ME = Actor.operator("me")


def run(*words: str) -> Result:
    return CliRunner().invoke(commands.command, list(words))


def exported(criteria: Criteria) -> list[dict[str, Any]]:
    out = BytesIO()
    count = export(actor=ME, criteria=criteria, out=out)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(rows) == count
    return rows


@pytest.mark.parametrize("name", ["", "one", "one:two", "One:two:three", "a:b:c:d", "a:b:c d"])
def test_malformed_name_is_refused(name: str) -> None:
    with pytest.raises(NameRefused):
        Name(name, "x")


def test_name_is_declared_once() -> None:
    with pytest.raises(NameRefused):
        Name("test:trail:happened", "again")
    assert HAPPENED in names.catalogue()
    assert str(HAPPENED) == "test:trail:happened"


def test_page_lists_the_rooms_names_and_no_others() -> None:
    text = page.render()
    assert "| `audit:trail:exported` | 导出审计事件 |" in text
    assert "test:trail:happened" not in text


@pytest.mark.django_db
def test_export_says_everything_and_is_itself_an_event() -> None:
    with transaction.atomic():
        subject = uuid4()
        record(HAPPENED, actor=Actor.client("hnte"), subject=subject, facts={"a": None, "b": True})
    seal_waiting()
    happen()
    first, second = exported(Criteria())
    assert first["name"] == "test:trail:happened"
    assert first["actor_kind"] == "client"
    assert first["subject"] == str(subject)
    assert first["facts"] == {"a": None, "b": True}
    assert first["seal"]["sequence"] == 1
    assert "seal" not in second
    event = Event.objects.get(name="audit:trail:exported")
    assert event.actor_id == "me"
    assert event.facts["events"] == 2


@pytest.mark.django_db
def test_export_by_time_name_subject_and_actor(time: MovedClock) -> None:
    subject, start = uuid4(), clock.now()
    with transaction.atomic():
        record(HAPPENED, actor=Actor.operator("a"), subject=subject)
        time.forward(hours=1)
        record(HAPPENED, actor=Actor.operator("b"))
    assert len(exported(Criteria(since=start, until=start + timedelta(minutes=1)))) == 1
    assert len(exported(Criteria(since=start + timedelta(minutes=1), name="test:*"))) == 1
    assert len(exported(Criteria(name="test:trail:happened"))) == 2
    assert len(exported(Criteria(name="test:trail"))) == 0
    assert len(exported(Criteria(subject=subject))) == 1
    assert len(exported(Criteria(actor_id="b"))) == 1


@pytest.mark.django_db
def test_export_of_many_events_reads_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_CHUNK", 2)
    ids = happen(5)
    assert [row["id"] for row in exported(Criteria())] == [str(event_id) for event_id in ids]


@pytest.mark.django_db
def test_old_events_leave_through_an_archive_and_the_chain_goes_on(
    time: MovedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard.install()
    monkeypatch.setattr(queries, "_CHUNK", 2)
    ids = sealed_trail()
    time.forward(days=200)
    happen(2)
    seal_waiting()
    archive = tmp_path / "archive.jsonl"
    moved = retire(actor=ME, before=clock.now() - timedelta(days=180), archive=archive)
    assert (moved.events, moved.through) == (6, 6)
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == moved.sha256
    assert {json.loads(line)["id"] for line in archive.read_text().splitlines()} == {str(event_id) for event_id in ids}
    assert archive.stat().st_mode & 0o777 == 0o600
    assert Event.objects.count() == 3
    assert verify().findings == []
    seal_waiting()
    report = verify()
    assert (report.start, report.last, report.sealed) == (6, 9, 3)
    assert report.intact

    time.forward(days=200)
    everything = retire(actor=ME, before=clock.now() - timedelta(days=180), archive=tmp_path / "second")
    assert everything.through == 9
    assert Seal.objects.count() == 0
    seal_waiting()
    assert Seal.objects.get().sequence == 10
    assert verify().intact
    assert Retirement.objects.count() == 2
    guard.remove()


@pytest.mark.django_db
def test_retirement_that_was_killed_half_way_is_finished_by_the_next(
    time: MovedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed_trail()
    time.forward(days=200)
    with monkeypatch.context() as killed:
        killed.setattr("tongban.audit.flows.retire._delete_through", lambda through: None)
        retire(actor=ME, before=clock.now() - timedelta(days=190), archive=tmp_path / "a")
    assert Event.objects.count() == 7
    assert found() == set()
    with pytest.raises(RetireRefused):
        retire(actor=ME, before=clock.now() - timedelta(days=190), archive=tmp_path / "b")
    assert Event.objects.count() == 1
    assert found() == set()


@pytest.mark.django_db
def test_retirement_is_refused(time: MovedClock, tmp_path: Path) -> None:
    def reason(days: float, archive: Path) -> object:
        with pytest.raises(RetireRefused) as caught:
            retire(actor=ME, before=clock.now() - timedelta(days=days), archive=archive)
        return caught.value.params["reason"]

    assert reason(179, tmp_path / "a") == "too_young"
    assert reason(181, tmp_path / "a") == "nothing"
    sealed_trail()
    time.forward(days=200)
    (tmp_path / "exists").touch()
    assert reason(181, tmp_path / "exists") == "file_exists"
    sql("DELETE FROM audit_event WHERE id = %s", Seal.objects.get(sequence=2).event_id)
    assert reason(181, tmp_path / "a") == "not_intact"
    assert not (tmp_path / "a").exists()
    assert not Retirement.objects.exists()


@pytest.mark.django_db
def test_verify_command_speaks_and_exits(time: MovedClock) -> None:
    guard.install()
    sealed_trail()
    happen()
    good = run("verify")
    assert good.exit_code == 0, good.output
    assert "checked   6 sealed events, numbers 1 to 6" in good.output
    assert "waiting   1 events without a seal yet, the oldest for 0 s" in good.output
    assert "The audit trail is intact." in good.output
    guard.remove()
    sql("UPDATE audit_event SET actor_id = 'x' WHERE id = %s", Seal.objects.get(sequence=2).event_id)
    bad = run("verify", "--late", "60")
    assert bad.exit_code == 1
    assert "event_altered: seal 2 event" in bad.output
    assert "guard_missing: a trigger" in bad.output
    assert "NOT intact" in bad.output


def test_every_finding_has_its_sentence() -> None:
    assert set(commands._SENTENCES) == set(Kind)


@pytest.mark.django_db
def test_export_command_writes_lines(tmp_path: Path) -> None:
    happen(2)
    file = tmp_path / "out.jsonl"
    since = datetime.now(UTC) - timedelta(days=1)
    result = run("export", "--name", "test:*", "--since", f"{since:%Y-%m-%d}", "--output", str(file))
    assert result.exit_code == 0
    assert len(file.read_text().splitlines()) == 2
    assert run("export", "--until", "2000-01-01").output == "0 events\n"


def test_names_command_lists_and_writes(tmp_path: Path) -> None:
    assert "audit:trail:exported" in run("names").output
    assert run("names", "--write", str(tmp_path / "page.md")).exit_code == 0
    assert (tmp_path / "page.md").read_text() == page.render()


@pytest.mark.django_db
def test_retire_command(time: MovedClock, tmp_path: Path) -> None:
    sealed_trail()
    archive = str(tmp_path / "archive")
    assert "too_young" in run("retire", "--before", "2200-01-01", "--archive", archive).output
    time.forward(days=400)
    before = f"{clock.now() - timedelta(days=200):%Y-%m-%d}"
    assert "6 events, up to seal 6, moved" in run("retire", "--before", before, "--archive", archive).output


@pytest.mark.django_db
def test_key_commands(ring_file: Path) -> None:
    assert f"made {ring_file}" in run("create-keys").output
    assert run("create-keys").exit_code == 1
    assert run("rotate", "--use", "chain", "--ready-in", "0").output.count("chain") == 1
    assert len(key_ring.read(ring_file).keys) == 3


def test_checks_of_the_keys(ring_file: Path) -> None:
    assert checks.audit_keys(None) == []
    with override_settings(PROFILE="production", AUDIT_KEY_RING=None):
        (error,) = checks.audit_keys(None)
        assert "path_missing" in error.msg
    with override_settings(PROFILE="demo", AUDIT_KEY_RING=None, HOME=ring_file.parent / "home"):
        assert checks.audit_keys(None) == []
    assert (ring_file.parent / "home" / "keys" / "audit.json").exists()
    ring_file.unlink()
    key_ring.create(ring_file, [new_key(use, "md5") for use in keys.USES])
    keys.key_file().forget()
    assert [error.id for error in checks.audit_keys(None)] == ["audit.E002"]


@override_settings(PROFILE="production")
def test_production_never_makes_keys_by_itself(ring_file: Path) -> None:
    with pytest.raises(KeyRingError, match="missing"):
        keys.current(keys.EVENT)
