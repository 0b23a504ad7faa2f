"""What operators ask, on whatever database the journeys run on."""

from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.unit.audit.trail import happen
from tongban.config import doctor
from tongban.config.commands.doctor import command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_triggers_in_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "run_checks", lambda databases: [])


def test_the_doctor_looks_at_everything() -> None:
    happen(2)
    output = CliRunner().invoke(command, ["--wait", "0"]).output
    for what in ("database", "migrations", "clock", "waiting audit events: 2", "waiting sms", "waiting pictures"):
        assert f"ok       {what}" in output
    assert "wrong    worker: sealed nothing" in output


def test_prometheus_reads_what_waits(settings: Any) -> None:
    settings.METRICS_TOKEN = "a-token"
    happen(2)
    answer = Client().get("/metrics", headers={"Authorization": "Bearer a-token"})
    assert 'tongban_waiting{kind="audit_events"} 2.0' in answer.content.decode()
