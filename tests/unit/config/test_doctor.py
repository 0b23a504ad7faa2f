"""The doctor finds what is wrong, says how to mend it, and tells no secret."""

import time as real_time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Never

import django
import pytest
from click.testing import CliRunner, Result
from django.core.checks import Error, Info
from django.core.checks import Warning as CheckWarning
from django.db import OperationalError, connection

from tests.moved_clock import MovedClock, moved_clock
from tests.unit.audit.trail import happen
from tests.unit.vault.sample.models import Person
from tongban.audit.actors import Actor
from tongban.audit.flows.seal import seal_waiting
from tongban.audit.models import Event
from tongban.config import cli, doctor
from tongban.config.commands.doctor import command
from tongban.vault import keys
from tongban.vault.flows.rotate import rotate_together

pytestmark = pytest.mark.django_db
FREE = doctor._free


@pytest.fixture(autouse=True)
def _own_state(settings: Any, tmp_path: Path) -> None:
    settings.VAULT_KEY_RING = tmp_path / "keys" / "vault.json"
    settings.AUDIT_KEY_RING = tmp_path / "keys" / "audit.json"
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


@pytest.fixture(autouse=True)
def _nothing_else_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database has no triggers; and their machine may have a full disk."""
    monkeypatch.setattr(doctor, "run_checks", lambda databases: [])
    monkeypatch.setattr(doctor, "_free", lambda folder: 10 * 1024**3)


@pytest.fixture
def time() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        yield moved


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that seals while the doctor waits."""
    monkeypatch.setattr(real_time, "sleep", lambda seconds: seal_waiting())


def run(*words: str) -> Result:
    return CliRunner().invoke(command, ["--wait", "0", *words])


def wrong() -> list[str]:
    """Return what is wrong besides the worker, which none of these tests starts."""
    lines = run().output.splitlines()
    return [line.removeprefix("wrong").strip() for line in lines if line.startswith("wrong") and "worker:" not in line]


def warnings() -> list[str]:
    return [line.removeprefix("warning").strip() for line in run().output.splitlines() if line.startswith("warning")]


@pytest.mark.usefixtures("worker")
def test_a_healthy_platform() -> None:
    result = CliRunner().invoke(command, ["--wait", "5"])
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == "All is well."
    assert not [line for line in result.output.splitlines() if line.startswith(("warning", "wrong"))]
    for looked_at in ("settings", "vault keys", "audit keys", "database", "migrations", "clock", "worker", "disk"):
        assert f"ok       {looked_at}" in result.output
    assert Event.objects.get(name="audit:worker:probed").actor_kind == "operator"


def test_no_worker() -> None:
    result = run()
    assert result.exit_code == 1
    assert "start `tongban worker`" in result.output
    assert result.output.splitlines()[-1] == "Something is wrong."


def test_a_setting_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGBAN_SESION_HOURS", "very-private-value")
    assert warnings() == ["settings: not settings: TONGBAN_SESION_HOURS"]
    assert "very-private-value" not in run().output


def test_a_setting_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(message: str) -> Any:
        def set_up() -> Never:
            raise ValueError(message)

        return set_up

    monkeypatch.setattr(django, "setup", failing("TONGBAN_SESSION_HOURS: 'x' is not int"))
    with pytest.raises(SystemExit, match="TONGBAN_SESSION_HOURS"):
        cli._set_up()
    monkeypatch.setattr(django, "setup", failing("something else"))
    with pytest.raises(ValueError, match="something else"):
        cli._set_up()


def test_static_files_that_were_not_collected(settings: Any) -> None:
    settings.PROFILE = "demo"
    assert ["static files:" in line for line in wrong()] == [True]


def test_key_files(settings: Any) -> None:
    keys.current(keys.SEAL)
    settings.VAULT_KEY_RING.chmod(0o644)
    keys.key_file().forget()
    assert ["too_open" in line for line in wrong()] == [True]
    assert "chmod 600" in run().output
    settings.PROFILE, settings.VAULT_KEY_RING = "production", None
    result = run().output
    assert "tongban vault create-keys" in result


@pytest.mark.parametrize(("free", "level"), [(1024**3, "warning"), (1024**2, "wrong")])
def test_little_room(free: int, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_free", lambda folder: free)
    found = {"warning": warnings, "wrong": wrong}[level]()
    assert [line.split(":")[0] for line in found] == ["disk, HOME", "disk, EVIDENCE_FOLDER", "disk, AUDIT_ANCHORS"]


def test_what_is_left_on_a_volume(tmp_path: Path) -> None:
    assert FREE(tmp_path) > 0


def test_a_folder_nobody_can_write_to(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    settings.EVIDENCE_FOLDER = tmp_path / "a-file" / "evidence"
    assert ["EVIDENCE_FOLDER" in line for line in wrong()] == [True]


def test_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> Never:
        message = "connection to postgresql://u:a-secret@h failed"
        raise OperationalError(message)

    monkeypatch.setattr(connection, "cursor", broken)
    result = run()
    assert result.exit_code == 1
    assert "does not answer (OperationalError)" in result.output
    assert "a-secret" not in result.output
    assert "worker" not in result.output


def test_a_database_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setattr(connection, "pg_version", 140_012, raising=False)
    monkeypatch.setattr(connection, "get_database_version", lambda: (14, 12))
    assert wrong() == ["database: PostgreSQL 14.12 is too old"]


def test_migrations_that_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_pending", lambda: ["accounts 0001", "accounts 0002", "audit 0001", "vault 0001"])
    assert wrong() == ["migrations: 4 wait: accounts 0001, accounts 0002, audit 0001, …"]
    monkeypatch.setattr(doctor, "_pending", lambda: ["accounts 0001"])
    assert wrong() == ["migrations: 1 wait: accounts 0001"]


def test_what_the_rooms_check(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Error("bad", hint="do this", id="x.E1"), CheckWarning("so so", id="x.W1"), Info("fine", id="x.I1")]
    monkeypatch.setattr(doctor, "run_checks", lambda databases: found)
    assert (wrong(), warnings()) == (["check x.E1: bad"], ["check x.W1: so so"])
    assert "→ do this" in run().output


def test_data_under_older_keys(time: MovedClock) -> None:
    Person.objects.create(name="张三")
    rotate_together(actor=Actor.operator("me"), uses=keys.USES)
    time.forward(minutes=5)
    assert warnings() == ["rotation of keys: 1 values are not under the current keys"]


def test_a_clock_that_is_wrong(time: MovedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    happen()
    time.forward(hours=-1)
    assert ["clock: behind the newest event by" in line for line in wrong()] == [True]
    time.forward(hours=2)
    monkeypatch.setattr(doctor, "_database_time", lambda: real_time.time() - 60)
    assert ["clock: +60" in line for line in wrong()] == [True]


def test_the_databases_own_clock_is_asked_on_postgresql() -> None:
    theirs = doctor._database_time()
    assert (theirs is None) == (connection.vendor == "sqlite")


def test_work_that_waits_too_long(time: MovedClock) -> None:
    happen(3)
    time.forward(minutes=11)
    assert [line.split(", ")[0] for line in warnings()] == ["waiting audit events: 3"]
    assert "the oldest for 660 s" in run().output


def test_no_secret_is_told(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.current(keys.SEAL)
    settings.SECRET_KEY = "a-canary-of-a-secret-key"
    output = run().output
    secrets = [key.secret for key in keys.key_file().ring().keys]
    for secret in ["a-canary", *(value.hex() for value in secrets)]:
        assert secret not in output
