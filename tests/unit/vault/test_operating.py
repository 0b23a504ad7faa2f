"""Start-up checks and the operators' commands."""

from pathlib import Path
from typing import Any, Never

import pytest
from click.testing import CliRunner, Result
from django.db import OperationalError, models
from django.test.utils import isolate_apps

from tests.moved_clock import MovedClock
from tests.unit.vault.sample.models import Person
from tongban.config.commands.vault import command
from tongban.kernel import key_ring
from tongban.kernel.key_ring import new_key
from tongban.vault import blind_index, checks, keys, queries
from tongban.vault.fields import BlindIndexField, SealedTextField
from tongban.vault.queries import Holder


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_good_keys_pass_and_wrong_ones_do_not(ring_file: Path) -> None:
    assert checks.vault_keys(None) == []
    ring_file.chmod(0o644)
    keys.key_file().forget()
    (error,) = checks.vault_keys(None)
    assert "too_open" in error.msg


def test_key_of_an_unknown_suite_is_found(ring_file: Path) -> None:
    key_ring.create(ring_file, [new_key(use, "of-tomorrow") for use in keys.USES])
    assert ids(checks.vault_keys(None)) == ["vault.E005"]


def test_fields_of_the_rooms_are_in_order() -> None:
    assert checks.sealed_fields(None) == []
    assert len({holder.model for holder in queries.holders()}) > 2


@isolate_apps("tests.unit.vault.sample")
def test_fields_that_could_not_be_protected_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless(models.Model):
        one = SealedTextField[Any, Any](context="same")
        other = SealedTextField[Any, Any](context="same")
        nameless = SealedTextField[Any, Any](context="")
        index = BlindIndexField[Any, Any](domain="d", value="nowhere")

        class Meta:
            app_label = "vault_sample"

    fields = Careless._meta.local_fields
    holder = Holder(Careless, tuple(fields[1:4]), (fields[4],))  # type: ignore[arg-type]
    monkeypatch.setattr(queries, "holders", lambda: [holder])
    assert ids(checks.sealed_fields(None)) == ["vault.E002", "vault.E002", "vault.E003", "vault.E004"]


@pytest.mark.django_db
def test_keys_are_listed_before_there_is_a_database(ring_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_about: object) -> Never:
        raise OperationalError

    assert run("create-keys").exit_code == 0
    monkeypatch.setattr(queries, "rows_of_key", away)
    listed = run("keys")
    assert listed.exit_code == 0, listed.output
    assert listed.output.count("(no database)") == len(keys.USES)


def test_create_keys_once(ring_file: Path) -> None:
    assert f"made {ring_file}" in run("create-keys").output
    before = ring_file.read_bytes()
    again = run("create-keys")
    assert again.exit_code == 1
    assert "nothing was changed" in again.output
    assert ring_file.read_bytes() == before


@pytest.mark.django_db
def test_rotate_reencrypt_and_retire(time: MovedClock) -> None:
    row = Person.objects.create(phone="13800000000", name="x")
    Person.objects.filter(pk=row.pk).update(phone_index=blind_index.of("sample.person.phone", "13800000000"))
    (old,) = keys.all_keys(keys.SEAL)
    assert "current" in run("retire", old.id).output
    assert run("rotate", "--use", "seal", "--ready-in", "30", "--keys-only").exit_code == 0
    listed = run("keys").output
    assert "waits" in listed
    assert old.secret.hex() not in listed
    time.forward(seconds=40)
    young = run("reencrypt")
    assert young.exit_code == 1
    assert "younger" in young.output
    assert "recent" in run("retire", old.id).output
    time.forward(days=8)
    assert "rows" in run("retire", old.id).output
    assert "1 values moved, 0 left" in run("reencrypt").output
    assert "older" in run("keys").output
    assert run("retire", old.id).output == f"removed {old.id}\n"
    assert "refused" in run("retire", old.id).output


@pytest.mark.django_db
def test_reencrypt_says_when_rows_are_left(time: MovedClock) -> None:
    first, second = (Person.objects.create(name=name) for name in "ab")
    Person.objects.filter(pk=second.pk).update(name=Person.objects.get(pk=first.pk).name)
    run("rotate", "--use", "seal", "--use", "index", "--keys-only")
    time.forward(seconds=200)
    result = run("reencrypt")
    assert result.exit_code == 1
    assert "1 values moved, 1 left" in result.output
