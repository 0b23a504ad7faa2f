"""The worker's half: one chain without a gap, whoever and however many seal."""

import json
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction

from tests.moved_clock import MovedClock
from tests.parallel import in_parallel
from tests.unit.audit.trail import found, happen
from tongban.audit import keys
from tongban.audit.actors import Actor
from tongban.audit.flows import seal
from tongban.audit.flows.rotate import rotate
from tongban.audit.flows.seal import LEASE, seal_waiting
from tongban.audit.models import Event, Seal, SealingLease, Waiting
from tongban.kernel import jobs
from tongban.kernel.ids import new_id


@pytest.mark.django_db
def test_worker_has_the_job() -> None:
    (job,) = [job for job in jobs.registered() if job.name == "audit.seal"]
    assert job.every <= timedelta(seconds=5)
    happen()
    assert job.run() == 1


@pytest.mark.django_db
def test_idle_worker_writes_nothing() -> None:
    assert seal_waiting() == 0
    assert not SealingLease.objects.exists()


@pytest.mark.django_db
def test_batches_follow_each_other_oldest_event_first(settings: Any) -> None:
    ids = []
    for _ in range(5):
        ids += happen()
        sleep(0.002)
    assert [seal_waiting(batch=2) for _ in range(4)] == [2, 2, 1, 0]
    assert list(Seal.objects.order_by("sequence").values_list("sequence", "event_id")) == list(enumerate(ids, 1))
    file: Path = settings.AUDIT_ANCHORS
    assert [json.loads(line)["sequence"] for line in file.read_text().splitlines()] == [2, 4, 5]


@pytest.mark.django_db
def test_second_worker_waits_until_the_lease_is_over(time: MovedClock) -> None:
    one, other = new_id(), new_id()
    happen(3)
    assert seal_waiting(worker=one, batch=1) == 1
    assert seal_waiting(worker=other, batch=1) == 0
    assert seal_waiting(worker=one, batch=1) == 1
    time.forward(seconds=LEASE.total_seconds() + 1)
    assert seal_waiting(worker=other, batch=1) == 1
    assert found() == set()


@pytest.mark.django_db
def test_lease_of_a_clock_that_was_set_back_is_no_obstacle(time: MovedClock) -> None:
    happen(2)
    assert seal_waiting(worker=new_id(), batch=1) == 1
    time.forward(days=-1)
    assert seal_waiting(worker=new_id(), batch=1) == 1


@pytest.mark.django_db
def test_chain_goes_on_under_a_new_key(time: MovedClock) -> None:
    happen()
    seal_waiting()
    old = keys.current(keys.CHAIN)
    for use in keys.USES:
        rotate(actor=Actor.system(), use=use)
    time.forward(minutes=2)
    happen()
    assert seal_waiting() == 3
    assert keys.current(keys.CHAIN) != old
    assert set(Seal.objects.values_list("key_id", flat=True)) == {old.id, keys.current(keys.CHAIN).id}
    assert Event.objects.filter(name="audit:key:rotated").count() == 2
    assert found() == set()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_workers_and_many_acts_at_once_give_one_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "LEASE", timedelta(0))

    def act(number: int) -> None:
        if number % 3 == 0:
            for _ in range(5):
                seal_waiting(worker=new_id(), batch=4)
        else:
            happen(3)

    assert [result for result in in_parallel(12, act) if result is not None] == []
    while seal_waiting(worker=new_id()):
        pass
    assert list(Seal.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 25))
    assert not Waiting.objects.exists()
    assert found() == set()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_recording_never_waits_for_sealing() -> None:
    """No request takes the chain's lock: events are recorded while a sealing transaction is open (PostgreSQL).

    SQLite lets one transaction write at a time whatever it writes; there sealing is short and bounded instead.
    """
    happen(2)
    if connection.vendor == "sqlite":
        assert seal_waiting(batch=1) == 1
        return
    with transaction.atomic():
        assert seal._take_lease(new_id())
        assert in_parallel(2, lambda number: len(happen(1))) == [1, 1]
