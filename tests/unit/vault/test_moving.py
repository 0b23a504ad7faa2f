"""All data moves to another key or suite while the platform serves, killed or not."""

import os
import subprocess
import sys
import time as real_time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from tests.journeys.people import PASSWORD, somebody
from tests.moved_clock import MovedClock
from tests.parallel import in_parallel
from tests.unit.vault import pictures as samples
from tests.unit.vault.sample.models import Person
from tongban.accounts import credentials
from tongban.accounts.models import Account
from tongban.audit import keys as audit_keys
from tongban.audit.actors import Actor
from tongban.audit.flows.seal import seal_waiting
from tongban.audit.flows.verify import verify
from tongban.config.commands import vault as vault_command
from tongban.kernel import key_ring
from tongban.kernel.key_ring import new_key
from tongban.vault import blind_index, blobs, keys, pictures, queries
from tongban.vault.errors import EvidenceUnknown, KeyInUse
from tongban.vault.flows import reseal_evidence as resealing
from tongban.vault.flows.accept_evidence import accept_evidence
from tongban.vault.flows.erase_evidence import sweep
from tongban.vault.flows.open_evidence import open_evidence
from tongban.vault.flows.reencode_evidence import reencode_due
from tongban.vault.flows.reencrypt import walk
from tongban.vault.flows.retire_key import retire_key
from tongban.vault.flows.rotate import rotate, rotate_together
from tongban.vault.models import EvidenceFile
from tongban.vault.purposes import Purpose
from tongban.vault.rules import EvidenceState

DOMAIN = "sample.person.phone"
ME = Actor.operator("me")
AT_ONCE = timedelta(0)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    path: Path = settings.EVIDENCE_FOLDER
    return path


@pytest.fixture(autouse=True)
def _looked_at_anew() -> Iterator[None]:
    credentials.forget()
    yield
    credentials.forget()


def phone(number: int) -> str:
    return f"138{number:08}"


def people(count: int) -> list[Person]:
    return Person.objects.bulk_create(
        [
            Person(phone=phone(number), phone_index=blind_index.of(DOMAIN, phone(number)), name=f"张{number}")
            for number in range(count)
        ]
    )


def picture(number: int = 0) -> EvidenceFile:
    """Return a picture that is ready to be seen."""
    accept_evidence(actor=ME, holder=f"account:{number}", slot="front", content=samples.jpeg())
    while reencode_due():
        pass
    return EvidenceFile.objects.get(holder=f"account:{number}")


def found(number: int) -> Person:
    return Person.objects.get(phone_index__in=blind_index.candidates(DOMAIN, phone(number)))


def reveal_all(rows: list[Person]) -> None:
    for number, row in enumerate(rows):
        person = found(number)
        assert person.pk == row.pk
        assert person.phone is not None
        assert person.phone.reveal(Purpose.MATCH) == phone(number)
        assert person.name.reveal(Purpose.SHOW_OWNER) == f"张{number}"


def run(*words: str) -> Result:
    return CliRunner().invoke(vault_command.command, list(words))


@pytest.fixture
def waiting(time: MovedClock, monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    """Time that passes at once when the command waits."""
    monkeypatch.setattr(real_time, "sleep", lambda seconds: time.forward(seconds=max(seconds, 0.1) * 20))
    return time


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("before", "after"), [("international", "gm"), ("gm", "international"), ("gm", "gm")])
def test_rotate_moves_everything_to_the_configured_suite(
    before: str, after: str, waiting: MovedClock, settings: Any
) -> None:
    settings.CRYPTO_SUITE = before
    rows = people(5)
    file = picture()
    settings.CRYPTO_SUITE = after
    result = run("rotate")
    assert result.exit_code == 0, result.output
    assert "6 values moved, 0 left" in result.output
    wanted = keys.wanted_suite()
    assert {keys.current(use).suite for use in keys.USES} == {wanted}
    assert queries.left_to_move() == 0
    assert [queries.rows_of_key(key) for use in (keys.SEAL, keys.INDEX) for key in keys.all_keys(use)[1:]] == [0, 0]
    reveal_all(rows)
    assert open_evidence(actor=ME, file_id=file.id, purpose=Purpose.SHOW_OWNER).content.startswith(b"\xff\xd8\xff")
    waiting.forward(days=8)
    for use in keys.USES:
        retire_key(actor=ME, key_id=keys.all_keys(use)[1].id)
    reveal_all(rows)


@pytest.mark.django_db(transaction=True)
def test_rotate_goes_on_with_what_is_under_way(waiting: MovedClock, settings: Any) -> None:
    rows = people(6)
    assert run("rotate", "--keys-only").exit_code == 0
    published = keys.key_file().ring().keys
    assert "going on" in run("rotate", "--keys-only").output
    waiting.forward(minutes=5)
    next(walk(actor=ME, batch=2))  # as if it was killed then
    result = run("rotate")
    assert "going on" in result.output
    assert "4 values moved, 0 left" in result.output
    assert keys.key_file().ring().keys == published
    reveal_all(rows)
    assert "going on" not in run("rotate", "--keys-only").output, "finished: the next call begins another"
    settings.CRYPTO_SUITE = "gm" if settings.CRYPTO_SUITE == "international" else "international"
    assert "going on" not in run("rotate", "--keys-only").output, "another suite is another rotation"
    assert "going on" not in run("rotate", "--keys-only", "--new-keys").output


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_moved_is_told_and_ends(waiting: MovedClock, folder: Path) -> None:
    rows = people(2)
    Person.objects.filter(pk=rows[1].pk).update(name=Person.objects.get(pk=rows[0].pk).name)
    file = picture()
    (folder / file.blob[:2] / file.blob).unlink()
    result = run("rotate")
    assert result.exit_code == 1
    assert "1 values moved, 2 left" in result.output


@pytest.mark.django_db(transaction=True)
def test_a_pepper_stays_until_the_last_password_left_it(waiting: MovedClock) -> None:
    account, other = somebody("one"), somebody("other", "13800000001")
    old = keys.current(keys.DIGEST)
    result = run("rotate")
    assert f"2 passwords leave the key {old.id} when their owners log in" in result.output
    waiting.forward(days=30)
    for left, who in ((2, account), (1, other)):
        with pytest.raises(KeyInUse) as refused:
            retire_key(actor=ME, key_id=old.id)
        assert refused.value.params["rows"] == left
        verdict = credentials.judge(who, PASSWORD)
        assert verdict.is_right
        Account.objects.filter(pk=who.pk).update(password=verdict.renewed)
    retire_key(actor=ME, key_id=old.id)
    for who in (account, other):
        who.refresh_from_db()
        assert credentials.judge(who, PASSWORD).is_right
    assert not credentials.judge(None, PASSWORD).is_right, "nobody's password went to the new key too"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_platform_serves_while_data_moves_to_the_other_suite(waiting: MovedClock, settings: Any) -> None:
    """Others write, look up by index, open pictures and register new rows all the while."""
    settings.CRYPTO_SUITE = "international"
    rows = people(40)
    file = picture()
    settings.CRYPTO_SUITE = "gm"
    done, turns = Flag(), [0] * 6

    def act(who: int) -> None:
        if who == 0:
            try:
                assert run("rotate").exit_code == 0
            finally:
                done.set()
            return
        while not done.is_set() or turns[who] < 3:
            number = (turns[who] * 5 + who) % len(rows)
            person = found(number)
            assert person.pk == rows[number].pk
            if who == 1:
                person.name = f"张{number}"
                person.phone_index = blind_index.of(DOMAIN, phone(number))
                person.save()
            if who == 2:
                new = 1000 + turns[who]
                Person.objects.create(phone=phone(new), phone_index=blind_index.of(DOMAIN, phone(new)), name="新")
                assert found(new).name.reveal(Purpose.SHOW_OWNER) == "新"
            if who == 3:
                opened = open_evidence(actor=ME, file_id=file.id, purpose=Purpose.SHOW_OWNER)
                assert opened.content.startswith(b"\xff\xd8\xff")
            turns[who] += 1

    assert [result for result in in_parallel(6, act) if result is not None] == []
    assert all(count >= 3 for count in turns[1:])
    list(walk(actor=ME))
    assert queries.left_to_move() == 0
    reveal_all(rows)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_movers_killed_at_any_moment_lose_nothing(settings: Any, ring_file: Path, tmp_path: Path) -> None:
    settings.CRYPTO_SUITE = "international"
    an_hour_ago = timedelta(hours=-1)
    key_ring.create(ring_file, [new_key(use, keys.wanted_suite(), ready_in=an_hour_ago) for use in keys.USES])
    rows = people(60)
    files = [picture(number) for number in range(4)]
    settings.CRYPTO_SUITE = "gm"
    rotate_together(actor=ME, uses=keys.USES, ready_in=timedelta(minutes=-5))
    before = queries.left_to_move()
    assert before == 64
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TONGBAN_AUDIT_KEY_RING": str(audit_keys.key_file().path),
        "TONGBAN_VAULT_KEY_RING": str(ring_file),
        "TONGBAN_EVIDENCE_FOLDER": str(settings.EVIDENCE_FOLDER),
        "TONGBAN_CRYPTO_SUITE": "gm",
    }
    name = str(connection.settings_dict["NAME"])
    movers = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.vault.killed_movers", name, "10"],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    while movers.poll() is None:  # the platform goes on: every row can be found and written
        for number, row in enumerate(rows[::7]):
            assert found(number * 7).pk == row.pk
            Person.objects.get(pk=row.pk).save()
        real_time.sleep(0.01)
    output, _errors = movers.communicate()
    assert movers.returncode == 0
    assert int(output) > 0, "none of them was killed in time"
    assert queries.left_to_move() < before, "they got somewhere before they died"
    list(walk(actor=ME, batch=5))
    assert queries.left_to_move() == 0
    reveal_all(rows)
    for file in files:
        opened = open_evidence(actor=ME, file_id=file.id, purpose=Purpose.SHOW_OWNER)
        assert opened.content.startswith(b"\xff\xd8\xff")
    while seal_waiting():
        pass
    assert [finding for finding in verify().findings if finding.kind.value != "guard_missing"] == []


@pytest.mark.django_db(transaction=True)
def test_blobs_a_killed_mover_left_behind_are_swept(time: MovedClock, folder: Path) -> None:
    file = picture()
    with blobs.written(b"sealed anew, but its mover died before the row named it", file_id=file.id):
        pass
    assert len(list(folder.glob("??/*"))) == 2
    time.forward(hours=2)
    sweep()
    assert [path.name for path in folder.glob("??/*")] == [EvidenceFile.objects.get().blob]


@pytest.mark.django_db(transaction=True)
def test_a_picture_sealed_anew_while_it_is_opened_is_shown(time: MovedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    file = picture()
    rotate(actor=ME, use=keys.SEAL, ready_in=AT_ONCE)
    read = blobs.read
    moved: list[str] = []

    def move_first(name: str, **place: Any) -> bytes:
        if not moved:
            moved.append(name)
            list(resealing.reseal_evidence(batch=5))
        return read(name, **place)

    monkeypatch.setattr(blobs, "read", move_first)
    opened = open_evidence(actor=ME, file_id=file.id, purpose=Purpose.SHOW_OWNER)
    assert opened.content.startswith(b"\xff\xd8\xff")
    assert moved == [file.blob]
    monkeypatch.setattr(blobs, "read", lambda name, **place: read("0" * 32, **place))
    with pytest.raises(EvidenceUnknown):
        open_evidence(actor=ME, file_id=file.id, purpose=Purpose.SHOW_OWNER)


@pytest.mark.django_db(transaction=True)
def test_a_picture_sealed_anew_while_it_is_drawn_is_drawn_again(
    time: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept_evidence(actor=ME, holder="account:0", slot="front", content=samples.jpeg())
    rotate(actor=ME, use=keys.SEAL, ready_in=AT_ONCE)
    drawn = pictures.drawn_anew

    def move_first(content: bytes) -> Any:
        list(resealing.reseal_evidence(batch=5))
        return drawn(content)

    monkeypatch.setattr(pictures, "drawn_anew", move_first)
    assert reencode_due() == 1
    (file,) = EvidenceFile.objects.all()
    assert (file.state, file.leased_until, file.tries) == (EvidenceState.RECEIVED, None, 0)
    monkeypatch.setattr(pictures, "drawn_anew", drawn)
    assert reencode_due() == 1
    assert EvidenceFile.objects.get().state == EvidenceState.READY


@pytest.mark.django_db(transaction=True)
def test_a_picture_erased_while_it_is_sealed_anew_stays_erased(
    time: MovedClock, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    picture()
    rotate(actor=ME, use=keys.SEAL, ready_in=AT_ONCE)
    read = blobs.read

    def erase_after(name: str, **place: Any) -> bytes:
        content = read(name, **place)
        EvidenceFile.objects.update(blob="", key="", state=EvidenceState.ERASED, erased_at=time.now)
        return content

    monkeypatch.setattr(blobs, "read", erase_after)
    assert [(done.renewed, done.damaged) for done in resealing.reseal_evidence(batch=5)] == [(0, 0)]
    assert EvidenceFile.objects.get().blob == ""

    def gone(name: str, **place: Any) -> bytes:
        EvidenceFile.objects.update(blob="", key="", state=EvidenceState.ERASED, erased_at=time.now)
        raise FileNotFoundError(name)

    monkeypatch.setattr(blobs, "read", read)
    picture(1)
    rotate(actor=ME, use=keys.SEAL, ready_in=AT_ONCE)
    monkeypatch.setattr(blobs, "read", gone)
    assert [(done.renewed, done.damaged) for done in resealing.reseal_evidence(batch=5)] == [(0, 0)]
