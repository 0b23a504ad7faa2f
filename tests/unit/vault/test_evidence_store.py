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
from tongban.vault import blobs, keys, queries
from tongban.vault.errors import EvidenceRefused, EvidenceUnknown, EvidenceWaiting, Tampered
from tongban.vault.flows import accept_evidence as accepting
from tongban.vault.flows.accept_evidence import accept_evidence
from tongban.vault.flows.erase_evidence import delete_evidence, erase_content, erase_due, sweep
from tongban.vault.flows.freeze_evidence import freeze_evidence
from tongban.vault.flows.open_evidence import open_evidence
from tongban.vault.flows.reencode_evidence import reencode_due, reencode_evidence
from tongban.vault.flows.reseal_evidence import reseal_due
from tongban.vault.flows.rotate import rotate
from tongban.vault.models import EvidenceFile, EvidenceHolder
from tongban.vault.purposes import Purpose
from tongban.vault.refusals import Refusal
from tongban.vault.rules import EvidenceState, Erasure

ME = "account:me"
ACTOR = Actor("natural", "me")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    path: Path = settings.EVIDENCE_FOLDER
    return path


def upload(content: bytes = b"", *, slot: str = "front", holder: str = ME) -> EvidenceFile:
    return accept_evidence(actor=ACTOR, holder=holder, slot=slot, content=content or samples.jpeg())


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
