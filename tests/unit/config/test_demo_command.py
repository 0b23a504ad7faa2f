"""`tongban demo`, as `make run` starts it: what it refuses, and that it stops when told to."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TONGBAN_", "DJANGO_"))}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "TONGBAN_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}


def demo(environment: dict[str, str], port: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tongban", "demo", "--port", str(port)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.mark.parametrize("step", [0, 3])
def test_a_taken_port_is_named_before_anything_is_set_up(
    environment: dict[str, str], tmp_path: Path, step: int
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = demo(environment, port - step)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"port {port} is in use" in said
    assert "PORT=" in said
    assert not (tmp_path / "tongban.sqlite3").exists()


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_while_it_sets_up_it_stops(environment: dict[str, str], told: signal.Signals) -> None:
    process = demo(environment, 20_000 + os.getpid() % 10_000)
    assert process.stdout
    assert "Setting up" in process.stdout.readline()
    process.send_signal(told)
    rest, _ = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "")
