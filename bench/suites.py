"""`python -m bench.suites`: what the two suites cost, in processor time of one thread.

For every act the rounds of both suites alternate, and the median round counts, so that a machine that slows down slows
both. Passwords are hashed with the parameters of production. Nothing is written to a database.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

ROUNDS = 9
SUITES = ("international", "gm")
Act = Callable[[], object]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.suites")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="tongban-bench-") as home:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tongban.config.settings", "TONGBAN_PROFILE": "test", "TONGBAN_HOME": home,
        }  # fmt: skip
        import django

        django.setup()
        _run(Path(home), rounds)


def _run(home: Path, rounds: int) -> None:
    acts: dict[str, dict[str, tuple[int, Act]]] = {}
    for suite in SUITES:
        with _with(suite, home):
            acts[suite] = _acts()
    print(f"{'µs of processor time':<44}{SUITES[0]:>15}{SUITES[1]:>12}{'ratio':>8}")
    for what in acts[SUITES[0]]:
        cost: dict[str, list[float]] = {suite: [] for suite in SUITES}
        for _round in range(rounds):
            for suite in SUITES:
                with _with(suite, home):
                    cost[suite].append(_cost(*acts[suite][what]))
        one, other = (statistics.median(cost[suite]) for suite in SUITES)
        print(f"{what:<44}{one:>15.1f}{other:>12.1f}{other / one:>8.1f}")


def _with(suite: str, home: Path) -> AbstractContextManager[None]:
    """Return a context in which the platform works with `suite`, on keys of its own."""
    from django.conf import settings
    from django.test import override_settings

    from tongban.kernel import crypto_suites

    sm3 = crypto_suites.SUITES[suite].hash == "sm3"
    return override_settings(
        CRYPTO_SUITE=suite,
        VAULT_KEY_RING=home / suite / "vault.json",
        AUDIT_KEY_RING=home / suite / "audit.json",
        PASSWORD_HASHERS=sorted(settings.PASSWORD_HASHERS, key=lambda path: path.endswith("Sm3") != sm3),
    )


def _cost(times: int, act: Act) -> float:
    """Return the microseconds of processor time of one `act`, after one that warms up."""
    act()
    start = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - start) / times * 1e6


def _acts() -> dict[str, tuple[int, Act]]:
    """Return, for each act with the suite of the moment, how often a round repeats it."""
    from django.contrib.auth.hashers import get_hasher, make_password

    from tongban.audit import keys as audit_keys
    from tongban.audit.models import Event, Seal
    from tongban.kernel import clock
    from tongban.kernel.ids import new_id
    from tongban.vault import blind_index, digests, sealing

    phone, picture = b"13800000000", os.urandom(1024 * 1024)
    sealed_phone, sealed_picture = (sealing.seal(content, context="bench.field") for content in (phone, picture))
    password = make_password("Drei-Quitten-im-Korb")
    hasher = get_hasher()
    key = audit_keys.current(audit_keys.CHAIN)
    event = Event(name="bench:event:happened", at=clock.now(), facts={"number": 1}, key_id=key.id, mac="0" * 64)

    def link() -> str:
        seal = Seal(sequence=1, event_id=event.id, event_digest=event.digest(key.suite), sealed_at=event.at)
        return audit_keys.mac(key, seal.signed_bytes("0" * 64))

    return {
        "seal a phone": (2000, lambda: sealing.seal(phone, context="bench.field", row=str(new_id()))),
        "open a phone": (2000, lambda: sealing.open_sealed(sealed_phone, context="bench.field")),
        "blind index of a phone": (2000, lambda: blind_index.of("bench.field", "13800000000")),
        "keyed digest": (2000, lambda: digests.keyed("bench.code", "123456")),
        "seal a picture of 1 MiB": (5, lambda: sealing.seal(picture, context="bench.field")),
        "open a picture of 1 MiB": (5, lambda: sealing.open_sealed(sealed_picture, context="bench.field")),
        "link of the audit chain": (1000, link),
        "verify a password": (1, lambda: hasher.verify("Drei-Quitten-im-Korb", password)),
    }


if __name__ == "__main__":
    main()
