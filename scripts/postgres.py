"""Start a PostgreSQL server of our own in a folder, for tests, benchmarks and `make run-postgres`.

`python scripts/postgres.py [--keep FOLDER] COMMAND …` runs COMMAND with TONGBAN_DATABASE set and stops the server
afterwards. Without `--keep` the server is a fresh one that trades safety for speed and leaves nothing behind; with it
the data stay in FOLDER for the next time, written as a database must.
The server listens on a socket in its folder only. PostgreSQL refuses root, so root starts it as `postgres`.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    if not found:
        message = "no PostgreSQL server found: apt-get install postgresql"
        raise SystemExit(message)
    return found[-1]


def _as_server_user(command: list[str]) -> list[str]:
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


def _initialise(binaries: Path, data: Path) -> None:
    init = [str(binaries / "initdb"), "-D", str(data), "-U", "tongban", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(_as_server_user([*init, "--no-sync"]), check=True, stdout=subprocess.DEVNULL, cwd=data.parent)


@contextmanager
def server(*, options: tuple[str, ...] = FAST, keep: Path | None = None) -> Iterator[str]:
    """Yield the address (for TONGBAN_DATABASE) of a fresh server; everything is gone afterwards.

    `keep` is the folder of a server whose data stay. Raises `SystemExit` where the server's user cannot reach it.
    """
    folder = keep or Path(tempfile.mkdtemp(prefix="tongban-pg-"))
    folder.mkdir(parents=True, exist_ok=True)
    binaries = _binaries()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    if subprocess.run(_as_server_user(["test", "-w", str(folder)]), check=False).returncode:
        message = f"{folder} cannot be reached by the user postgres: set TONGBAN_HOME to a folder that can"
        raise SystemExit(message)
    data = folder / "data"
    if not data.exists():
        _initialise(binaries, data)
    flags = [word for option in (*options, "listen_addresses=", "max_connections=200") for word in ("-c", option)]
    start = [str(binaries / "postgres"), "-D", str(data), "-k", str(folder), *flags]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(_as_server_user(start), stdout=log, stderr=log, cwd=folder)
    try:
        ready = [str(binaries / "pg_isready"), "-q", "-h", str(folder), "-U", "tongban"]
        for _ in range(200):
            if subprocess.run(ready, check=False, env={**os.environ, "LD_PRELOAD": ""}).returncode == 0:
                break
            time.sleep(0.05)
        yield f"postgresql://tongban@/postgres?host={folder}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run the command given on the command line beside a server; return its exit code."""
    words = sys.argv[1:]
    keep = None
    if words[:1] == ["--keep"]:
        keep, words = Path(words[1]).resolve(), words[2:]
    with server(options=() if keep else FAST, keep=keep) as address:
        return _run(words, address)


def _run(command: list[str], address: str) -> int:
    """Run the command; it is asked to stop when we are, and the server outlives it."""
    with subprocess.Popen(command, env={**os.environ, "TONGBAN_DATABASE": address}) as process:
        for number in (signal.SIGTERM, signal.SIGINT):
            # Ctrl-C reaches the whole group: the command has heard of it already.
            signal.signal(number, lambda told, _frame: process.terminate() if told == signal.SIGTERM else None)
        return process.wait()


if __name__ == "__main__":
    sys.exit(main())
