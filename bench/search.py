"""`python -m bench.search`: server time of the account search as the platform grows, on PostgreSQL.

Goals: 99 of 100 searches within 20 ms, and the middle search with the most accounts at most 20 % dearer than with the
fewest. `--accounts 1000000 10000000` measures at ten million; the default is bearable beside other benchmarks.

Every platform account stands for a legacy account; a third are units, which claim their USCC, and two in five are
verified. The rows are copies of real ones made in SQL, with names and indexes of their own that are spread like
digests are. Searches go through the whole request: token, budgets, look-up, audit. Half of them find nothing. A search
for a person starts with a code that was sent and ends with the code spent; sending it is not measured.

The clock on the wall also counts what other programs take from the processors, so the processor time of the request
and of the database stand beside it.
"""

import argparse
import json
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count, pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from scripts import postgres

from bench.process import cpu_seconds

GOAL, GROWTH = 20.0, 0.20  # milliseconds, share
SEARCHES, WARM_UP, TARGETS = 600, 100, 2_000
CODE = "123456"
_STEP = 1_000_000


def main() -> None:
    """Fill, measure, fill on, measure; exit with 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.search")
    parser.add_argument("--accounts", type=int, nargs="+", default=[50_000, 500_000])
    parser.add_argument("--searches", type=int, default=SEARCHES)
    options = parser.parse_args()
    server = postgres.server(options=("shared_buffers=1GB", "max_wal_size=8GB", "maintenance_work_mem=512MB"))
    with tempfile.TemporaryDirectory(prefix="tongban-bench-") as home, server as database:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tongban.config.settings", "TONGBAN_PROFILE": "test", "TONGBAN_HOME": home,
            "TONGBAN_DATABASE": database, "TONGBAN_SECRET_KEY": secrets.token_hex(32),
        }  # fmt: skip
        sys.exit(0 if _run(sorted(options.accounts), options.searches) else 1)


def _run(sizes: list[int], searches: int) -> bool:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    samples, searcher = _samples(), _Searcher()
    targets = _targets()
    print(f"{searches} searches of each sort, ms        wall: median      p99   processor: median   database: mean")
    middles: dict[str, list[float]] = {}
    met = True
    try:
        for first, last in pairwise([0, *sizes]):
            started = time.perf_counter()
            _fill(samples, first + 1, last)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
                cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
                (size,) = cursor.fetchone()
            print(f"{last:,} accounts, {size} (filled in {time.perf_counter() - started:.0f} s)")
            for name, questions in searcher.walks(targets).items():
                middle, p99 = searcher.measure(name, questions, searches)
                middles.setdefault(name, []).append(middle)
                met &= p99 <= GOAL
    finally:
        connections.close_all()
    for name, (fewest, *_between, most) in ((name, found) for name, found in middles.items() if len(found) > 1):
        growth = most / fewest - 1
        met &= growth <= GROWTH
        print(f"  {name:30} processor time of request and database grew by {growth:+.0%}")
    return met


def _samples() -> dict[str, tuple[str, dict[str, str]]]:
    """Write one row of each table, and return by table which row to copy and what each copy has of its own."""
    from tongban.accounts.models import Account, IdentityBinding, LegalProfile
    from tongban.kernel import clock
    from tongban.kernel.ids import new_id
    from tongban.transfer.models import Batch, LegacyAccount
    from tongban.transfer.rules import Kind, Outcome

    name, phone = "sample", "13800000000"
    index = "sample.digest"
    account = Account.objects.create(
        realm="natural",
        login_name=name,
        login_name_key=name,
        password="!" * 100,
        phone=phone,
        phone_index=index,
        phone_proved_at=clock.now(),
    )
    LegalProfile.objects.create(
        account=account, unit_name=name, unit_name_key=name, uscc="0" * 18, unit_type="enterprise", contact_name="张三"
    )
    binding = IdentityBinding.objects.create(
        account=account, kind="document", index=index, document_kind="resident_id", number="11010519491231002X",
        name="张三", assurance=2,
    )  # fmt: skip
    batch = Batch.objects.create(kind=Kind.UNIT, file_name="bench.csv", file_digest="0" * 64)
    common: dict[str, Any] = {"batch": batch, "row": 0, "phone": phone, "phone_index": index, "login_name": name}
    common |= {"reason": "name_free", "fingerprint": "0" * 80}
    unit = LegacyAccount.objects.create(
        id=account.id, kind=Kind.UNIT, uscc="0" * 18, outcome=Outcome.E1, account_id=account.id, **common
    )
    made = new_id()
    person = LegacyAccount.objects.create(id=made, kind=Kind.PERSON, outcome=Outcome.P1, account_id=made, **common)
    index_of = "'bench.' || rtrim(translate(encode(sha256(('{0}' || g)::bytea), 'base64'), '+/', '-_'), '=')"
    uuid_of = "('00000000-{0}-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid"
    uscc = "'91' || lpad((g % 659004)::text, 6, '0') || upper(lpad(to_hex(g), 9, '0')) || 'X'"
    who = uuid_of.format("0001")
    return {
        "accounts_account|": (
            f"id = '{account.id}'",
            {"id": who, "login_name": "'user' || g", "login_name_key": "'user' || g",
             "phone_index": index_of.format("phone")},
        ),
        "accounts_legalprofile|g % 3 = 0": (
            f"account_id = '{account.id}'", {"account_id": who, "uscc": uscc, "unit_name_key": "'unit' || g"},
        ),
        "accounts_identitybinding|g % 5 < 2": (
            f"id = '{binding.id}'",
            {"id": uuid_of.format("0002"), "account_id": who, "index": index_of.format("identity")},
        ),
        "transfer_legacyaccount|g % 3 = 0": (
            f"id = '{unit.id}'", {"id": who, "account_id": who, "uscc": uscc, "row": "g"},
        ),
        "transfer_legacyaccount|g % 3 > 0": (
            f"id = '{person.id}'",
            {"id": who, "account_id": who, "phone_index": index_of.format("phone"), "row": "g"},
        ),
    }  # fmt: skip


def _fill(samples: dict[str, tuple[str, dict[str, str]]], first: int, last: int) -> None:
    """Insert the rows numbered `first` to `last` into every table, a million a transaction."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        names = {key.partition("|")[0] for key in samples}
        dropped = _drop_indexes(cursor, names)
        for key, (which, own) in samples.items():
            table, _, condition = key.partition("|")
            cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
            columns = [name for (name,) in cursor.fetchall()]
            named = ", ".join(f'"{column}"' for column in columns)
            values = ", ".join(own.get(column, f's."{column}"') for column in columns)
            for start in range(first, last + 1, _STEP):
                series = f"generate_series({start}, {min(last, start + _STEP - 1)}) g"
                # Every word of these is ours.
                rows = f"{series}, (SELECT * FROM {table} WHERE {which}) s WHERE {condition or 'true'}"  # noqa: S608
                insert = f"INSERT INTO {table} ({named}) SELECT {values} FROM {rows}"  # noqa: S608
                cursor.execute(insert)
        for definition in dropped:
            cursor.execute(definition)
        cursor.execute("SET synchronous_commit = on")


def _drop_indexes(cursor: Any, tables: set[str]) -> list[str]:
    """Drop the indexes that no constraint needs, and return what makes them anew: built at once they are compact."""
    cursor.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s)"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
        [sorted(tables)],
    )
    found: list[tuple[str, str]] = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def _targets() -> dict[str, list[str]]:
    """Write legacy accounts that can be found, and return their keys, and keys of which nobody ever heard."""
    from tongban.accounts.models import PHONE_DOMAIN
    from tongban.kernel import check_characters
    from tongban.kernel.ids import new_id
    from tongban.transfer.models import Batch, LegacyAccount
    from tongban.transfer.rules import Kind, Outcome
    from tongban.vault import blind_index

    def uscc(number: int) -> str:
        organisation = f"MB{number:06d}"
        body = f"91110108{organisation}{check_characters.organisation(organisation)}"
        return body + check_characters.uscc(body)

    batch = Batch.objects.get()
    units, phones = [uscc(n) for n in range(2 * TARGETS)], [f"139{n:08d}" for n in range(2 * TARGETS)]
    made = []
    for place, (unit, phone) in enumerate(zip(units[:TARGETS], phones[:TARGETS], strict=True)):
        common = {"batch": batch, "row": place, "phone": phone, "phone_index": blind_index.of(PHONE_DOMAIN, phone)}
        common |= {"reason": "name_free", "fingerprint": "0" * 80}
        for outcome, own in (
            (Outcome.E1, {"kind": Kind.UNIT, "uscc": unit, "login_name": unit}),
            (Outcome.P1, {"kind": Kind.PERSON, "login_name": phone}),
        ):
            account_id = new_id()
            made.append(LegacyAccount(id=account_id, account_id=account_id, outcome=outcome, **own, **common))
    LegacyAccount.objects.bulk_create(made, batch_size=1000)
    return {
        "unit, brought over": units[:TARGETS],
        "unit, unknown": units[TARGETS:],
        "person, brought over": phones[:TARGETS],
        "person, unknown": phones[TARGETS:],
    }


class _Searcher:
    """A client with a token, that searches for somebody else each time and from another network."""

    def __init__(self) -> None:
        from django.test import Client

        from tongban.audit.actors import Actor
        from tongban.challenge.flows import issue_code
        from tongban.sso.flows.issue_client_token import issue_client_token
        from tongban.sso.flows.register_client import Addresses, ClientData, register_client

        data = ClientData(
            client_id="torch", name="bench", recipient="bench", purpose="bench", addresses=Addresses(),
            scopes=["account-search"],
        )  # fmt: skip
        client = register_client(actor=Actor.system(), data=data).client
        token = issue_client_token(client=client).access_token
        self._http, self._headers = Client(), {"authorization": f"Bearer {token}"}
        issue_code.fresh_code = lambda digits: CODE
        self._networks = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in count(1))
        pid_file = Path(os.environ["TONGBAN_DATABASE"].partition("host=")[2]) / "data" / "postmaster.pid"
        self._database = int(pid_file.read_text().split()[0])

    def walks(self, targets: dict[str, list[str]]) -> dict[str, Iterator[Callable[[], None]]]:
        """Return, for each sort, searches that are ready to be made."""
        return {name: self._walk(name, keys) for name, keys in targets.items()}

    def _walk(self, name: str, keys: list[str]) -> Iterator[Callable[[], None]]:
        while True:
            yield self._ready(name, keys.pop())

    def measure(self, name: str, questions: Iterator[Callable[[], None]], times: int) -> tuple[float, float]:
        """Search `times` times; print the times, return the middle processor time and the 99th percentile of all."""
        for _ in range(WARM_UP if times > WARM_UP else 1):
            next(questions)()
        wall, processor, in_database = [], [], []
        for _ in range(times):
            search = next(questions)
            before, worked, start = cpu_seconds(self._database), time.process_time(), time.perf_counter()
            search()
            wall.append(1000 * (time.perf_counter() - start))
            processor.append(1000 * (time.process_time() - worked))
            in_database.append(1000 * (cpu_seconds(self._database) - before))
        p99, middle = sorted(wall)[int(times * 0.99)], statistics.median(processor)
        mean = statistics.mean(in_database)
        print(f"  {name:30} {statistics.median(wall):10.1f} {p99:8.1f} {middle:19.1f} {mean:16.1f}")
        return statistics.mean(sorted(processor)[: int(times * 0.9)]) + mean, p99

    def _ready(self, name: str, key: str) -> Callable[[], None]:
        network = next(self._networks)
        if name.startswith("unit"):
            question: dict[str, Any] = {"uscc": key, "searcher": {"network": network}}
            return lambda: self._post("unit-searches", question, name)
        searcher = {"id": "browser-of-the-bench", "network": network}
        self._post("person-codes", {"phone": key, "searcher": searcher}, name)
        question = {"phone": key, "code": CODE, "searcher": searcher}
        return lambda: self._post("person-searches", question, name)

    def _post(self, path: str, question: dict[str, Any], name: str) -> None:
        body = json.dumps(question)
        answer = self._http.post(f"/api/transfer/{path}", body, content_type="application/json", headers=self._headers)
        found = answer.json()
        assert answer.status_code < 300, found
        if "outcome" in found:
            assert found["outcome"].endswith("1") == ("brought" in name), (name, found)


if __name__ == "__main__":
    main()
