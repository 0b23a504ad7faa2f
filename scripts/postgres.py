"""Start a PostgreSQL server of our own in a folder, for tests and benchmarks.

`python scripts/postgres.py COMMAND …` runs COMMAND with TONGBAN_DATABASE set and stops the server afterwards.
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


@contextmanager
def server(*, options: tuple[str, ...] = FAST) -> Iterator[str]:
    """Yield the address (for TONGBAN_DATABASE) of a fresh server; everything is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tongban-pg-"))
    binaries = _binaries()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    init = [str(binaries / "initdb"), "-D", str(data), "-U", "tongban", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run(_as_server_user([*init, "--no-sync"]), check=True, stdout=subprocess.DEVNULL, cwd=folder)
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
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run the command given on the command line beside a server; return its exit code."""
    with server() as address:
        return subprocess.run(sys.argv[1:], check=False, env={**os.environ, "TONGBAN_DATABASE": address}).returncode


if __name__ == "__main__":
    sys.exit(main())
