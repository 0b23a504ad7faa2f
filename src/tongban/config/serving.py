"""How the platform's processes are started: one place for the Granian command line and for a set of children."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings


def granian_command(*, host: str, port: int, workers: int, threads: int) -> list[str]:
    """Return the command that serves the platform over WSGI."""
    return [
        sys.executable, "-m", "granian", "tongban.config.wsgi:application",
        "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning",
    ]  # fmt: skip


def metrics_environment(port: int) -> dict[str, str]:
    """Return what the processes of one server need to count together, in an empty folder; nothing if nobody counts."""
    if not settings.METRICS_TOKEN:
        return {}
    folder = Path(settings.HOME) / "metrics" / str(port)
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink()
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


@dataclass(slots=True)
class Children:
    """Processes that live and die together."""

    logs: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start `command`; what it prints goes to `logs/name.log`."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603 - our own fixed commands
                command, env={**os.environ, **environment}, stdout=log, stderr=log, start_new_session=True
            )

    def died(self) -> str | None:
        """Return the name of a child that has ended, if one has."""
        return next((name for name, process in self.running.items() if process.poll() is not None), None)

    def wait_until_ready(self, addresses: Sequence[str], *, seconds: float = 60) -> bool:
        """Wait until every address answers 200; return False when asked to stop before.

        Raises `RuntimeError` naming the child that died or the address.
        """
        deadline = time.monotonic() + seconds
        for address in addresses:
            while not _answers(address):
                if self._stop.is_set():
                    return False
                if (name := self.died()) or time.monotonic() > deadline:
                    message = f"{name or address} did not start: see {self.logs / (f'{name}.log' if name else '')}"
                    raise RuntimeError(message)
                time.sleep(0.05)
        return True

    def watch(self) -> str | None:
        """Wait for SIGTERM or SIGINT (return None) or for a child's end (return its name)."""
        while not self._stop.wait(0.5):
            if name := self.died():
                return name
        return None

    def stop_on_signals(self) -> None:
        """Let SIGTERM and SIGINT end `watch`."""

        def ask(signum: int, frame: FrameType | None) -> None:
            self._stop.set()

        signal.signal(signal.SIGTERM, ask)
        signal.signal(signal.SIGINT, ask)

    def stop(self, *, seconds: float = 10) -> None:
        """Ask every child to stop; kill the groups of those that have not after `seconds`."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + seconds
        for process in self.running.values():
            try:
                process.wait(timeout=max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as response:  # noqa: S310 - our own http addresses
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
