"""A chain that goes from one hash to the other stays provable, and says with which key each stretch is made."""

from typing import Any

import pytest
from click.testing import CliRunner

from tests.moved_clock import MovedClock
from tests.unit.audit.trail import event_of, found, happen, sealed_trail, sql
from tongban.audit import checks, keys
from tongban.audit.actors import Actor
from tongban.audit.findings import Kind
from tongban.audit.flows.rotate import rotate
from tongban.audit.flows.seal import seal_waiting
from tongban.audit.flows.verify import verify
from tongban.audit.models import Event, Seal
from tongban.audit.queries import exported
from tongban.config.commands.audit import command
from tongban.kernel import crypto_suites

pytestmark = pytest.mark.django_db
SUITES = pytest.mark.parametrize(
    ("before", "after"), [("international", "gm"), ("gm", "international")], ids=["to-gm", "from-gm"]
)


def change(settings: Any, time: MovedClock, suite: str) -> None:
    """Set the suite and rotate both keys, as an operator does."""
    settings.CRYPTO_SUITE = suite
    for use in keys.USES:
        rotate(actor=Actor.operator("me"), use=use)
    time.forward(seconds=61)


def trail(settings: Any, time: MovedClock, before: str, after: str) -> None:
    """Seal six events with the suite `before` and, with what the change itself records, six more with `after`."""
    settings.CRYPTO_SUITE = before
    sealed_trail()
    change(settings, time, after)
    happen(4)
    assert seal_waiting() == 6


@SUITES
def test_the_chain_goes_on_and_is_intact(before: str, after: str, settings: Any, time: MovedClock) -> None:
    trail(settings, time, before, after)
    assert found() == set()
    first, second = verify().epochs
    assert (first.first, first.last, second.first, second.last) == (1, 6, 7, 12)
    hashes = [keys.hash_of(keys.CHAIN, epoch.key_id) for epoch in (first, second)]
    assert hashes == [crypto_suites.SUITES[suite].hash for suite in (before, after)]
    for sequence, suite in ((6, before), (12, after)):
        event, seal = event_of(sequence), Seal.objects.get(sequence=sequence)
        assert seal.event_digest == event.digest(crypto_suites.SUITES[suite].hash)
        assert exported(event, seal)["seal"]["hash"] == crypto_suites.SUITES[suite].hash


@SUITES
@pytest.mark.parametrize("sequence", [3, 9])
def test_tampering_on_either_side_is_found(
    before: str, after: str, sequence: int, settings: Any, time: MovedClock
) -> None:
    trail(settings, time, before, after)
    sql("UPDATE audit_event SET actor_id = 'somebody' WHERE id = %s", event_of(sequence).id)
    assert found() == {(Kind.EVENT_ALTERED, sequence)}
    sql(
        "UPDATE audit_seal SET event_digest = %s WHERE sequence = %s",
        event_of(sequence).digest(keys.wanted_hash()),
        sequence,
    )
    assert (Kind.SEAL_ALTERED, sequence) in found()


def test_a_seal_moved_to_the_other_key_is_found(settings: Any, time: MovedClock) -> None:
    trail(settings, time, "international", "gm")
    sql("UPDATE audit_seal SET key_id = %s WHERE sequence = 3", keys.current(keys.CHAIN).id)
    assert (Kind.SEAL_ALTERED, 3) in found()


def test_a_key_that_is_gone_is_no_error_but_a_finding(settings: Any) -> None:
    sealed_trail()
    sql("UPDATE audit_seal SET key_id = 'ffffffff' WHERE sequence = 3")
    assert found() == {(Kind.SEAL_ALTERED, 3)}
    event = event_of(3)
    assert exported(event, Seal.objects.get(sequence=3))["seal"]["hash"] is None


def test_verify_prints_the_keys(settings: Any, time: MovedClock) -> None:
    trail(settings, time, "international", "gm")
    lines = CliRunner().invoke(command, ["verify"]).output.splitlines()
    assert [line.split("(")[1] for line in lines if line.startswith("key ")] == [
        "sha-256) for the numbers 1 to 6",
        "sm3) for the numbers 7 to 12",
    ]


def test_keys_of_another_suite_than_configured_are_told(settings: Any, time: MovedClock) -> None:
    settings.CRYPTO_SUITE = "international"
    assert checks.audit_keys(None) == []
    settings.CRYPTO_SUITE = "gm"
    (warning,) = checks.audit_keys(None)
    assert (warning.id, warning.is_serious()) == ("audit.W001", False)
    change(settings, time, "gm")
    assert checks.audit_keys(None) == []
    assert Event.objects.count() == 2


def test_a_machine_without_the_hash_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.audit_keys(None) == []
    monkeypatch.setattr(crypto_suites, "has_hash", lambda name: False)
    assert [(error.id, error.is_serious()) for error in checks.audit_keys(None)] == [("audit.E002", True)]
