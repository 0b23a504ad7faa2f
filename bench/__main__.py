"""`make bench`: what requests cost in processor time, server and database together.

One run starts PostgreSQL and the platform with the made-up accounts, then prints

* the log-in POST against the bare verification of the same Argon2id hash by the reference implementation on the same
  machine (goal: at most 1.25), and what libsodium, which the platform uses, takes for it;
* one request each of the home page, the log-in page and 我的信息.

The two sides of the ratio take turns, one log-in and one verification, so that a machine that slows down slows both.
"""

import argparse
import os
import re
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from scripts import postgres

from bench.process import running_ms

ROUNDS = 7
LOG_INS, PAGES = 30, 300
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def cpu_of(act: Callable[[], None], roots: tuple[int, ...]) -> float:
    """Return the milliseconds the process trees `roots` spent while `act` ran."""
    before = running_ms(*roots)
    act()
    return running_ms(*roots) - before


class Visitor:
    """A browser of its own with the log-in form open."""

    def __init__(self, platform: str, login_name: str, password: str) -> None:
        self._client = httpx.Client(base_url=platform, headers={"Origin": platform})
        self._values = {"login_name": login_name, "password": password}
        self._open_form()

    def _open_form(self) -> None:
        found = _TOKEN.search(self._client.get("/log-in/natural/").text)
        assert found, "the log-in page has no form token"
        self._values["csrfmiddlewaretoken"] = found[1]

    def become_known(self) -> None:
        """Log in once and lose the session: later log-ins are from a device that the account knows, as most are."""
        self.log_in()
        self._client.cookies.delete("tongban_session")
        self._open_form()

    def log_in(self) -> None:
        """Send the form; the answer must be a redirect and a session."""
        answer = self._client.post("/log-in/natural/", data=self._values)
        assert answer.status_code == 302, (answer.status_code, answer.text[:500])

    def get(self, path: str, times: int) -> None:
        """Fetch a page again and again over one connection."""
        for _ in range(times):
            answer = self._client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)


def verify_bare(encoded: str, password: str) -> tuple[float, float]:
    """Return the milliseconds of processor time of one bare verification: the reference library's, and libsodium's."""
    from argon2 import PasswordHasher
    from nacl.pwhash import argon2id

    hasher, start = PasswordHasher(), time.process_time()
    hasher.verify(encoded, password)
    between = time.process_time()
    argon2id.verify(encoded.encode(), password.encode())
    return 1000 * (between - start), 1000 * (time.process_time() - between)


def bare_hash(password: str) -> str:
    """Return an Argon2id hash with the parameters of the platform (m = 19 MiB, t = 2, p = 1)."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1).hash(password)


def row(name: str, values: list[float], unit: str) -> str:
    """Return one line of the table: minimum, median, maximum."""
    return f"  {name:44} {min(values):8.3f} {statistics.median(values):8.3f} {max(values):8.3f}  {unit}"


def measure(platform: str, roots: tuple[int, ...], rounds: int) -> list[str]:
    """Return the lines of the result."""
    from tongban.demo.accounts import ACCOUNTS

    account = next(one for one in ACCOUNTS if one.realm == "natural" and one.verified)
    encoded, ratios, log_ins, bares, ours = bare_hash(account.password), [], [], [], []
    pages: dict[str, list[float]] = {"/": [], "/log-in/natural/": [], "/account/profile/": []}
    for _ in range(rounds):
        visitors = [Visitor(platform, account.login_name, account.password) for _ in range(LOG_INS)]
        for one in visitors:
            one.become_known()
        spent = [(cpu_of(one.log_in, roots), *verify_bare(encoded, account.password)) for one in visitors]
        log_in, bare, our = (statistics.mean(column) for column in zip(*spent, strict=True))
        log_ins.append(log_in)
        bares.append(bare)
        ours.append(our)
        ratios.append(log_in / bare)
        nobody = Visitor(platform, account.login_name, account.password)
        for path, costs in pages.items():
            visitor = visitors[0] if path.startswith("/account/") else nobody
            costs.append(cpu_of(lambda: visitor.get(path, PAGES), roots) / PAGES)
    return [
        f"processor time per request, {rounds} rounds                       min   median      max",
        row("bare Argon2id verification (reference)", bares, "ms"),
        row("bare Argon2id verification (libsodium)", ours, "ms"),
        row("log-in POST (platform + PostgreSQL)", log_ins, "ms"),
        row("log-in POST / bare verification (goal 1.25)", ratios, "×"),
        *(
            row(f"GET {path} {'(signed in)' if path.startswith('/account') else ''}", costs, "ms")
            for path, costs in pages.items()
        ),
    ]


def main() -> None:
    """Start everything, measure, stop everything."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--port", type=int, default=18400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tongban-bench-") as home, postgres.server(options=()) as database:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tongban.config.settings", "TONGBAN_PROFILE": "demo", "TONGBAN_HOME": home,
            "TONGBAN_DATABASE": database, "TONGBAN_ADDRESS": f"http://127.0.0.1:{options.port}",
            "TONGBAN_SECRET_KEY": secrets.token_hex(32),
        }  # fmt: skip
        print("\n".join(_run(Path(home), options.port, options.rounds)))


def _run(home: Path, port: int, rounds: int) -> list[str]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from tongban.config.serving import Children, granian_command
    from tongban.demo.flows.seed import seed

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    seed(hnte="http://127.0.0.1:1", tsme="http://127.0.0.1:2", folder=home / "clients")
    connections.close_all()
    children = Children(logs=home)
    children.start("platform", granian_command(host="127.0.0.1", port=port, workers=1, threads=2), {})
    try:
        children.wait_until_ready([f"http://127.0.0.1:{port}/readyz"])
        folder = Path(os.environ["TONGBAN_DATABASE"].rpartition("host=")[2])
        database = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        return measure(f"http://127.0.0.1:{port}", (children.running["platform"].pid, database), rounds)
    finally:
        children.stop()


if __name__ == "__main__":
    main()
