"""The evidence store: who keeps what, for how long, and what is left of it. Attacks first."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.moved_clock import MovedClock
from tests.parallel import in_parallel
from tests.unit.vault import pictures as samples
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.kernel import clock
from tongban.review.evidence_store import EvidenceStore
from tongban.vault import blobs, keys, pictures, queries
from tongban.vault.errors import EvidenceRefused, EvidenceUnknown, EvidenceWaiting, Tampered
from tongban.vault.flows import accept_evidence as accepting
from tongban.vault.flows.accept_evidence import accept_evidence
from tongban.vault.flows.erase_evidence import delete_evidence, erase_content, erase_due, sweep
from tongban.vault.flows.freeze_evidence import freeze_evidence
from tongban.vault.flows.open_evidence import open_evidence
from tongban.vault.flows.reencode_evidence import reencode_due, reencode_evidence
from tongban.vault.flows.reseal_evidence import reseal_evidence
from tongban.vault.flows.rotate import rotate
from tongban.vault.models import EvidenceFile, EvidenceHolder
from tongban.vault.purposes import Purpose
from tongban.vault.refusals import Refusal
from tongban.vault.rules import Erasure, EvidenceState

ME = "account:me"
ACTOR = Actor("natural", "me")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    path: Path = settings.EVIDENCE_FOLDER
    return path


def upload(content: bytes = b"", *, slot: str = "front", holder: str = ME) -> EvidenceFile:
    return accept_evidence(actor=ACTOR, holder=holder, slot=slot, content=content or samples.jpeg())


def resealed() -> tuple[int, int]:
    """Seal all contents under the current key; return how many were, and how many cannot be read."""
    done = list(reseal_evidence(batch=2))
    return sum(one.renewed for one in done), sum(one.damaged for one in done)


def on_disk(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*/*"))


def events(name: str) -> int:
    return Event.objects.filter(name=f"vault:evidence:{name}").count()


@pytest.mark.django_db(transaction=True)
def test_a_picture_on_its_way(folder: Path) -> None:
    file = upload(samples.with_gps())
    assert on_disk(folder) == [file.blob]
    with pytest.raises(EvidenceWaiting):
        open_evidence(actor=ACTOR, file_id=file.id, purpose=Purpose.SHOW_OWNER)
    assert reencode_due() == 1
    assert reencode_due() == 0
    ready = EvidenceFile.objects.get()
    assert (ready.state, ready.width, ready.height) == (EvidenceState.READY, 200, 300)
    assert on_disk(folder) == [ready.blob] != [file.blob]
    seen = open_evidence(actor=ACTOR, file_id=file.id, purpose=Purpose.SHOW_OWNER)
    assert seen.content.startswith(b"\xff\xd8\xff")
    assert "content" not in repr(seen)
    assert [events(name) for name in ("received", "ready", "opened")] == [1, 1, 1]
    assert Event.objects.get(name="vault:evidence:opened").facts["purpose"] == "show_owner"


@pytest.mark.django_db(transaction=True)
def test_what_a_decoder_cannot_read_is_refused_and_gone(folder: Path) -> None:
    file = upload(samples.jpeg()[:-400])
    assert reencode_due() == 1
    refused = EvidenceFile.objects.get()
    assert (refused.state, refused.refused_code, refused.blob) == (EvidenceState.REFUSED, "damaged", "")
    assert on_disk(folder) == []
    with pytest.raises(EvidenceUnknown):
        open_evidence(actor=ACTOR, file_id=file.id, purpose=Purpose.SHOW_OWNER)
    with pytest.raises(EvidenceUnknown), transaction.atomic():
        freeze_evidence(actor=ACTOR, files=[file.id], case_id=uuid4())
    assert events("refused") == 1


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_kills_workers_is_given_up(time: MovedClock, folder: Path, monkeypatch: Any) -> None:
    def killed(content: bytes) -> None:
        raise KeyboardInterrupt

    upload()
    with monkeypatch.context() as patched:
        patched.setattr("tongban.vault.flows.reencode_evidence.pictures.drawn_anew", killed)
        for _try in range(3):
            with pytest.raises(KeyboardInterrupt):
                reencode_due()
            assert reencode_due() == 0, "leased to the worker that was killed"
            time.forward(minutes=3)
    assert reencode_due() == 1
    assert EvidenceFile.objects.get().state == EvidenceState.REFUSED
    assert on_disk(folder) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("harm", ["lost", "altered", "moved"])
def test_a_content_that_was_tampered_with_is_not_drawn(folder: Path, harm: str) -> None:
    file, other = upload(), upload(samples.png(), slot="back")
    path = folder / file.blob[:2] / file.blob
    if harm == "lost":
        path.unlink()
    elif harm == "altered":
        path.write_bytes(path.read_bytes()[:-1] + b"\0")
    else:
        path.write_bytes((folder / other.blob[:2] / other.blob).read_bytes())
    assert reencode_evidence(file_id=file.id)
    assert EvidenceFile.objects.get(pk=file.id).state == EvidenceState.REFUSED


@pytest.mark.django_db(transaction=True)
def test_no_content_opens_in_place_of_another(folder: Path) -> None:
    mine, theirs = upload(), upload(samples.png(), holder="account:other")
    assert reencode_due() == 2
    mine.refresh_from_db()
    theirs.refresh_from_db()
    path = folder / mine.blob[:2] / mine.blob
    path.write_bytes((folder / theirs.blob[:2] / theirs.blob).read_bytes())
    with pytest.raises(Tampered):
        open_evidence(actor=ACTOR, file_id=mine.id, purpose=Purpose.REVIEW)
    path.unlink()
    with pytest.raises(EvidenceUnknown):
        open_evidence(actor=ACTOR, file_id=mine.id, purpose=Purpose.REVIEW)


@pytest.mark.django_db
def test_an_unknown_file_is_unknown() -> None:
    with pytest.raises(EvidenceUnknown):
        open_evidence(actor=ACTOR, file_id=uuid4(), purpose=Purpose.REVIEW)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 31, "A" * 32, "a" * 32 + "/../x", "a" * 32 + "\n"])
def test_a_blob_has_no_other_names_than_ours(name: str) -> None:
    for act in (lambda: blobs.read(name, file_id=uuid4()), lambda: blobs.remove(name)):
        with pytest.raises(FileNotFoundError):
            act()


@pytest.mark.django_db
def test_nothing_can_be_read_on_the_disk(folder: Path) -> None:
    content = samples.jpeg(comment=samples.SECRET)
    file = upload(content)
    path = folder / file.blob[:2] / file.blob
    assert content[:64] not in path.read_bytes()
    assert samples.SECRET not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
def test_another_picture_replaces_the_one_that_stood_there(folder: Path) -> None:
    first = upload()
    second = upload(samples.png())
    assert queries.evidence_for(ME) == {"front": second}
    first.refresh_from_db()
    assert (first.state, first.blob) == (EvidenceState.ERASED, "")
    assert on_disk(folder) == [second.blob]
    assert Event.objects.get(name="vault:evidence:erased").facts["why"] == "replaced"


@pytest.mark.django_db(transaction=True)
def test_the_same_picture_again_changes_nothing() -> None:
    first = upload()
    assert upload() == first
    reencode_due()
    assert upload() == first
    assert EvidenceFile.objects.count() == 1
    assert events("received") == 1


@pytest.mark.django_db(transaction=True)
def test_a_refused_picture_can_be_tried_again() -> None:
    broken = samples.jpeg()[:-400]
    upload(broken)
    reencode_due()
    assert upload(broken).state == EvidenceState.RECEIVED


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_keeps_nothing(folder: Path, monkeypatch: Any) -> None:
    standing = upload()
    monkeypatch.setattr(accepting, "record", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        upload(samples.png())
    assert queries.evidence_for(ME) == {"front": standing}
    assert on_disk(folder) == [standing.blob]


@pytest.mark.django_db(transaction=True)
def test_limits_of_a_holder(settings: Any, time: MovedClock) -> None:
    settings.EVIDENCE_LIVE, settings.EVIDENCE_PER_DAY = 2, 5
    upload(slot="a"), upload(slot="b")
    with pytest.raises(EvidenceRefused) as refused:
        upload(slot="c")
    assert refused.value.refusal is Refusal.TOO_MANY_FILES
    upload(samples.png(), slot="a")
    delete_evidence(actor=ACTOR, holder=ME, slot="b")
    upload(slot="b"), upload(samples.png(), slot="b")
    with pytest.raises(EvidenceRefused) as refused:
        upload(samples.jpeg(10, 10), slot="b")
    assert refused.value.refusal is Refusal.TOO_MANY_TODAY
    upload(holder="account:other")
    time.forward(days=1, seconds=1)
    upload(samples.jpeg(10, 10), slot="b")


@pytest.mark.django_db(transaction=True)
def test_deleting_leaves_only_a_row(folder: Path) -> None:
    upload()
    delete_evidence(actor=ACTOR, holder="account:other", slot="front")
    assert len(on_disk(folder)) == 1
    delete_evidence(actor=ACTOR, holder=ME, slot="front")
    delete_evidence(actor=ACTOR, holder=ME, slot="front")
    assert on_disk(folder) == []
    assert EvidenceFile.objects.get().state == EvidenceState.ERASED
    assert events("erased") == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_deleted_while_it_is_drawn_stays_deleted(folder: Path, monkeypatch: Any) -> None:
    draw = pictures.drawn_anew

    def slowly(content: bytes) -> pictures.Picture:
        delete_evidence(actor=ACTOR, holder=ME, slot="front")
        return draw(content)

    upload()
    monkeypatch.setattr("tongban.vault.flows.reencode_evidence.pictures.drawn_anew", slowly)
    assert reencode_due() == 1
    assert EvidenceFile.objects.get().state == EvidenceState.ERASED
    assert on_disk(folder) == []


@pytest.mark.django_db(transaction=True)
def test_what_is_deleted_and_cannot_be_drawn_stays_deleted(monkeypatch: Any) -> None:
    def slowly(content: bytes) -> None:
        delete_evidence(actor=ACTOR, holder=ME, slot="front")
        raise EvidenceRefused(Refusal.DAMAGED)

    upload()
    monkeypatch.setattr("tongban.vault.flows.reencode_evidence.pictures.drawn_anew", slowly)
    assert reencode_due() == 1
    assert EvidenceFile.objects.get().state == EvidenceState.ERASED
    assert events("refused") == 0


@pytest.mark.django_db(transaction=True)
def test_another_worker_was_quicker() -> None:
    file = upload()
    assert reencode_evidence(file_id=file.id)
    assert not reencode_evidence(file_id=file.id)


@pytest.mark.django_db(transaction=True)
def test_a_case_keeps_its_files(folder: Path) -> None:
    case, front = uuid4(), upload()
    with transaction.atomic():
        freeze_evidence(actor=ACTOR, files=[front.id], case_id=case, holder=ME)
        freeze_evidence(actor=ACTOR, files=[front.id], case_id=case)
    assert queries.evidence_for(ME) == {}
    assert queries.evidence_of_case(case) == [front]
    delete_evidence(actor=ACTOR, holder=ME, slot="front")
    again = upload(samples.png())
    assert queries.evidence_for(ME) == {"front": again}
    assert len(on_disk(folder)) == 2
    assert events("frozen") == 1
    assert not erase_content(front, actor=ACTOR, why=Erasure.DELETED), "the row in hand is from before the freezing"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("whose", ["other holder", "other case", "deleted", "invented"])
def test_a_case_gets_only_files_that_are_theirs(whose: str) -> None:
    mine = upload()
    other = upload(slot="back", holder="account:other" if whose == "other holder" else ME)
    if whose == "other case":
        freeze_evidence(actor=ACTOR, files=[other.id], case_id=uuid4())
    if whose == "deleted":
        delete_evidence(actor=ACTOR, holder=ME, slot="back")
    ids = [mine.id, uuid4() if whose == "invented" else other.id]
    with pytest.raises(EvidenceUnknown):
        freeze_evidence(actor=ACTOR, files=ids, case_id=uuid4(), holder=ME)
    mine.refresh_from_db()
    assert mine.frozen_for is None


@pytest.mark.django_db(transaction=True)
def test_retention_after_a_case_has_ended(settings: Any, time: MovedClock, folder: Path) -> None:
    settings.EVIDENCE_RETENTION_DAYS, settings.EVIDENCE_UNUSED_DAYS = 10, 3
    store, case = EvidenceStore(), uuid4()
    file, unused = upload(), upload(slot="back")
    store.freeze(files=[file.id], case_id=case)
    reencode_due()
    assert [(one.id, one.slot, one.ready) for one in store.files(case)] == [(file.id, "front", True)]
    assert store.open(actor=ACTOR, file_id=file.id).media_type == "image/jpeg"
    time.forward(days=20)
    assert erase_due() == 1
    unused.refresh_from_db()
    assert unused.state == EvidenceState.ERASED
    store.erase_after(case, clock.now())
    store.erase_after(case, None)
    time.forward(days=11)
    assert erase_due() == 0
    store.erase_after(case, clock.now())
    time.forward(days=9)
    assert erase_due() == 0
    time.forward(days=2)
    assert erase_due() == 1
    assert on_disk(folder) == []
    assert [one.ready for one in store.files(case)] == [False]


@pytest.mark.django_db(transaction=True)
def test_what_no_row_names_is_swept_once_it_is_old(time: MovedClock, folder: Path) -> None:
    kept = upload()
    with blobs.written(b"lost", file_id=uuid4()):
        pass
    (folder / "ab").mkdir(exist_ok=True)
    (folder / "ab" / "leftover.part").write_bytes(b"")
    (folder / "ab" / "README").write_text("not ours")
    assert sweep() == 0
    assert len(on_disk(folder)) == 4
    time.forward(hours=2)
    sweep()
    assert on_disk(folder) == sorted([kept.blob, "README"])
    delete_evidence(actor=ACTOR, holder=ME, slot="front")
    assert EvidenceHolder.objects.count() == 1
    time.forward(days=3)
    sweep()
    assert not EvidenceFile.objects.exists()
    assert not EvidenceHolder.objects.exists()


def test_sweeping_an_empty_house(folder: Path) -> None:
    assert list(blobs.older_than(clock.now())) == []


def test_a_blob_that_goes_while_the_sweep_looks_is_no_matter(folder: Path, monkeypatch: Any) -> None:
    with blobs.written(b"x", file_id=uuid4()) as (name, _key):
        pass
    monkeypatch.setattr(Path, "glob", lambda self, pattern: [folder / "ab" / "gone", folder / name[:2] / name])
    assert list(blobs.older_than(clock.now() + timedelta(days=1))) == [name]


@pytest.mark.django_db(transaction=True)
def test_contents_move_to_a_new_key(time: MovedClock, folder: Path) -> None:
    file = upload()
    old = keys.current(keys.SEAL)
    time.forward(minutes=5)
    assert resealed() == (0, 0)
    assert queries.rows_of_key(old) == 1
    rotate(actor=Actor.system(), use=keys.SEAL)
    time.forward(seconds=70)
    assert keys.current(keys.SEAL) != old
    assert resealed() == (1, 0)
    assert resealed() == (0, 0)
    assert queries.rows_of_key(old) == 0
    fresh = EvidenceFile.objects.get()
    assert on_disk(folder) == [fresh.blob]
    assert blobs.read(fresh.blob, file_id=file.id) == samples.jpeg()


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_read_keeps_its_key(time: MovedClock, folder: Path) -> None:
    file = upload()
    rotate(actor=Actor.system(), use=keys.SEAL)
    time.forward(minutes=5)
    (folder / file.blob[:2] / file.blob).unlink()
    assert resealed() == (0, 1)
    assert EvidenceFile.objects.get().key == file.key


@pytest.mark.django_db
def test_the_database_itself_keeps_one_file_in_a_slot() -> None:
    file = upload()
    twin = EvidenceFile.objects.get()
    twin.pk, twin.blob = uuid4(), "0" * 32
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceFile.objects.filter(pk=file.pk).update(blob="")
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceFile.objects.filter(pk=file.pk).update(erased_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceFile.objects.filter(pk=file.pk).update(state=EvidenceState.REFUSED, blob="", key="")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_thirty_uploads_at_once_keep_to_the_limits(settings: Any, folder: Path) -> None:
    settings.EVIDENCE_LIVE, settings.EVIDENCE_PER_DAY = 3, 8

    def act(turn: int) -> str:
        try:
            return upload(samples.jpeg(20 + turn, 20), slot=f"slot-{turn % 5}").slot
        except EvidenceRefused as error:
            return error.refusal

    answers = in_parallel(30, act)
    assert len([answer for answer in answers if str(answer).startswith("slot-")]) <= 8
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert len(queries.evidence_for(ME)) == 3
    assert EvidenceFile.objects.count() <= 8
    assert len(on_disk(folder)) == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_thirty_cases_want_the_same_file() -> None:
    file = upload()

    def act(_turn: int) -> bool:
        try:
            freeze_evidence(actor=ACTOR, files=[file.id], case_id=uuid4())
        except EvidenceUnknown:
            return False
        return True

    assert in_parallel(30, act).count(True) == 1
