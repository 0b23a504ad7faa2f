"""`python -m bench.legacy_log_in`: a log-in with a sealed legacy password cannot be told from an ordinary one by time.

One run starts PostgreSQL and the platform. For every kind of legacy hash, at the costs such platforms used, 200
interleaved pairs of log-ins are timed, one to an account whose password is sealed, one to an ordinary account, and the
two rows of times compared by the Mann-Whitney test: p must be above 0.01, at the second try if not at the first
(`bench.uniformity` says why, and what the processor time beside it is for). Once with a wrong password, always to the
same two accounts; once with the right one, each time to fresh accounts, for a sealed password opens once.

Login names are phones for all. Slow kinds are imported before any of theirs is timed, so that ticks are in force.
"""

import argparse
import hashlib
import os
import random
import secrets
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from scripts import postgres

from bench.uniformity import LEAST, TIMED, TRIES, Server, Stranger, database_process, mann_whitney

if TYPE_CHECKING:
    from tongban.transfer.legacy_hash import LegacyKind

PASSWORD, WRONG = "Drei-Quitten-im-Korb", "not-this-one-surely"
_ROUNDS = {"sha1": 300_000, "sha256": 260_000, "sha512": 210_000}
_BCRYPT_COST = 10
_PHONES = iter(range(10**8))


def legacy_hash(kind: str) -> str:
    """Return the password as a legacy platform kept it."""
    import bcrypt
    from cryptography.hazmat.primitives import hashes

    secret, salt = PASSWORD.encode(), b"pepper"
    function = kind.removesuffix("-salted")
    if kind == "bcrypt":
        return bcrypt.hashpw(secret, bcrypt.gensalt(_BCRYPT_COST)).decode()
    if function.startswith("pbkdf2-"):
        name = function.removeprefix("pbkdf2-")
        return f"{kind}${_ROUNDS[name]}$pepper${hashlib.pbkdf2_hmac(name, secret, salt, _ROUNDS[name]).hex()}"
    data = secret if function == kind else salt + secret
    if function == "sm3":
        digest = hashes.Hash(hashes.SM3())
        digest.update(data)
        found = digest.finalize().hex()
    else:
        found = hashlib.new(function, data, usedforsecurity=False).hexdigest()
    return f"{function}${found}" if function == kind else f"{function}$pepper${found}"


def make_accounts(kind: str, count: int) -> list[str]:
    """Make `count` accounts with sealed passwords of this kind, or ordinary ones (kind ""); return their names."""
    from django.contrib.auth.hashers import make_password

    from tongban.accounts.models import PHONE_DOMAIN, Account
    from tongban.accounts.rules import Realm
    from tongban.kernel import clock
    from tongban.kernel.ids import new_id
    from tongban.transfer.hashers import PasswordSealer
    from tongban.transfer.legacy_hash import LegacyHash
    from tongban.vault import blind_index

    sealer, now = PasswordSealer(), clock.now()
    legacy = LegacyHash.parse(legacy_hash(kind)) if kind else None
    ordinary = make_password(PASSWORD)
    rows = []
    for _ in range(count):
        account_id, phone = new_id(), f"137{next(_PHONES):08}"
        rows.append(
            Account(
                id=account_id, realm=Realm.NATURAL, login_name=phone, login_name_key=phone, phone=phone,
                phone_index=blind_index.of(PHONE_DOMAIN, phone), created_at=now,
                password=sealer.seal(legacy, account_id) if legacy else ordinary,
                phone_proved_at=None if legacy else now, transferred_at=now if legacy else None,
            )
        )  # fmt: skip
    Account.objects.bulk_create(rows, batch_size=500)
    return [row.login_name for row in rows]


Took = tuple[float, float]


def attempt(server: Server, login_name: str, password: str) -> Took:
    """Log in from a browser of its own; return what the answer took, in milliseconds: on the wall, of processors."""
    with httpx.Client(base_url=server.platform, headers={"Origin": server.platform}) as client:
        stranger = Stranger(client, server.running)
        stranger.get("/log-in/natural/")
        answer = stranger.post("/log-in/natural/", {"login_name": login_name, "password": password})
        assert answer.status_code == (302 if password == PASSWORD else 200), answer.status_code
        return stranger.took


def alike(server: Server, sealed: Sequence[str], ordinary: Sequence[str], password: str) -> bool:
    """Time the pairs of log-ins, print what they took; return whether nobody can tell."""
    rows: tuple[list[Took], list[Took]] = ([], [])
    for names in zip(sealed, ordinary, strict=True):
        # Chance decides which comes first: `bench.uniformity` says why.
        for row, name in random.sample(list(zip(rows, names, strict=True)), k=2):
            row.append(attempt(server, name, password))
    ps = []
    for index, what in enumerate(("wall", "processor")):
        one, other = ([took[index] for took in row] for row in rows)
        ps.append(mann_whitney(one, other))
        medians = f"{statistics.median(one):7.2f} {statistics.median(other):7.2f}"
        print(f"   {what} {medians} ms p = {ps[-1]:.3f}", end="")
    print(flush=True)
    return ps[0] > LEAST


def judge(server: Server, kind: str, *, timed: int) -> Iterator[bool]:
    """Compare wrong, then right passwords of one kind with ordinary ones; what looks different is asked again."""
    from django.db import connections

    sealed, ordinary = make_accounts(kind, TRIES * timed + 1), make_accounts("", TRIES * timed + 1)
    connections.close_all()
    wrong = [sealed.pop()] * timed, [ordinary.pop()] * timed
    print(f"  {kind + ', wrong':24}", end="", flush=True)
    yield any(alike(server, *wrong, WRONG) for _try in range(TRIES))
    starts = range(0, TRIES * timed, timed)
    print(f"  {kind + ', right':24}", end="", flush=True)
    yield any(alike(server, sealed[at : at + timed], ordinary[at : at + timed], PASSWORD) for at in starts)


def sealing(kind: "LegacyKind", count: int = 20_000) -> float:
    """Return the microseconds that reading and sealing one hash takes."""
    from tongban.kernel.ids import new_id
    from tongban.transfer.hashers import PasswordSealer
    from tongban.transfer.legacy_hash import LegacyHash

    text, sealer, account_id = legacy_hash(kind.value), PasswordSealer(), new_id()
    start = time.process_time()
    for _ in range(count):
        sealer.seal(LegacyHash.parse(text), account_id)
    return (time.process_time() - start) / count * 1e6


def main() -> None:
    """Start everything, measure, stop everything; exit with 1 when something can be told apart."""
    parser = argparse.ArgumentParser(prog="python -m bench.legacy_log_in")
    parser.add_argument("--timed", type=int, default=TIMED)
    parser.add_argument("--port", type=int, default=18520)
    parser.add_argument("--kinds", default="", help="only these, with commas between")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    with tempfile.TemporaryDirectory(prefix="tongban-bench-") as home, postgres.server(options=()) as database:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tongban.config.settings", "TONGBAN_PROFILE": "demo", "TONGBAN_HOME": home,
            "TONGBAN_DATABASE": database, "TONGBAN_ADDRESS": f"http://127.0.0.1:{options.port}",
            "TONGBAN_SECRET_KEY": secrets.token_hex(32), "TONGBAN_LOG_IN_FAILURES": "100000",
            "TONGBAN_LOG_IN_FAILURES_NETWORK": "100000", "TONGBAN_AUTHENTICATOR_FAILURES": "100000",
        }  # fmt: skip
        sys.exit(0 if _run(Path(home), options) else 1)


def _run(home: Path, options: argparse.Namespace) -> bool:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from tongban.config.serving import Children, granian_command
    from tongban.transfer.flows.note_slow_kinds import note_slow_kinds
    from tongban.transfer.legacy_hash import SLOW, LegacyKind

    wanted = [kind for kind in LegacyKind if not options.kinds or kind.value in options.kinds.split(",")]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(f"reading and sealing a hash: {max(map(sealing, wanted)):.1f} us at most", flush=True)
    connections.close_all()
    platform = f"http://127.0.0.1:{options.port}"
    children = Children(logs=home)
    children.start("platform", granian_command(host="127.0.0.1", port=options.port, workers=1, threads=2), {})
    try:
        children.wait_until_ready([f"{platform}/readyz"])
        print(f"sealed and ordinary, {options.timed} interleaved pairs: median times, Mann-Whitney")
        server = Server(platform, (children.running["platform"].pid, database_process()))
        warm_up = make_accounts("", 1)
        for _ in range(5):
            attempt(server, warm_up[0], WRONG)
        judged = []
        for slow in (False, True):
            note_slow_kinds(SLOW if slow else ())
            for kind in wanted:
                if (kind in SLOW) is slow:
                    judged += list(judge(server, kind.value, timed=options.timed))
        return all(judged)
    finally:
        children.stop()


if __name__ == "__main__":
    main()
