"""A process that could not keep its promises does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import override_settings

from tongban.config.start import refuse_unsafe_start


def test_safe_process_starts() -> None:
    refuse_unsafe_start()


@override_settings(PROFILE="production", VAULT_KEY_RING=None, AUDIT_KEY_RING=None)
def test_production_without_keys_is_refused_with_every_reason() -> None:
    with pytest.raises(SystemExit, match=r"(?s)audit\.E001.*AUDIT_KEY_RING.*vault\.E001.*VAULT_KEY_RING"):
        refuse_unsafe_start()


@pytest.mark.parametrize("start", [["-c", "import tongban.config.wsgi"], ["-m", "tongban", "worker", "--once"]])
def test_server_and_worker_ask(start: list[str], tmp_path: Path) -> None:
    environment = {"TONGBAN_PROFILE": "production", "TONGBAN_SECRET_KEY": "x" * 50, "TONGBAN_HOME": str(tmp_path)}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN_", "DJANGO_"))}
    source = Path(__file__).parents[3] / "src"
    result = subprocess.run(
        [sys.executable, *start],
        env=inherited | environment | {"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 1
    assert "tongban does not start" in result.stderr
