"""Killing a server or the worker at any step of the manual path loses nothing and repeats nothing anybody sees."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("act", "fewest"),
    [
        ("upload", 15),
        ("draw", 10),
        ("hand_in", 15),
        ("decide", 10),
        ("send_back", 8),
        ("answer", 15),
        ("deliver", 6),
    ],
)
def test_a_process_killed_at_any_step(tmp_path: Path, act: str, fewest: int) -> None:
    """Each step of each act is a SIGKILL of a process of its own; see `tests/kills/killing.py`."""
    command = [sys.executable, "-m", "tests.kills", act, str(tmp_path / "home")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN_", "DJANGO_"))}
    environment["TONGBAN_CRYPTO_SUITE"] = settings.CRYPTO_SUITE
    environment["PYTHONPATH"] = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    seen = json.loads(ended.stdout.splitlines()[-1])
    assert seen["wrong"] == []
    assert seen["kills"] >= fewest
