"""People register and verify while a file is imported; imports are killed and go on."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from tests.parallel import in_parallel
from tests.unit.transfer.files import code, imported, person, persons, phone, unit, units
from tests.unit.transfer.standing import claims_unit, verify_unit
from tongban.accounts.errors import LoginNameTaken
from tongban.accounts.flows.open_account import open_account
from tongban.accounts.models import Account, IdentityBinding, LegalProfile
from tongban.accounts.rules import Realm
from tongban.audit.models import Event, Waiting
from tongban.kernel.mobile import Mobile
from tongban.transfer.models import BadRow, Batch, LegacyAccount
from tongban.transfer.rules import CREATED, Outcome

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 60
KILLS = 20


def registered(realm: Realm, login_name: str, its_phone: str) -> Account | None:
    """Register as somebody whose SMS code was right; nobody where the name is taken."""
    try:
        with transaction.atomic():
            return open_account(
                realm=realm, login_name=login_name, encoded_password=PASSWORD, phone=Mobile.parse(its_phone)
            )
    except LoginNameTaken:
        return None


PASSWORD = make_password(None)


def at_once(path: Path, act: Callable[[int], object], callers: int = 5) -> None:
    """Import the file while `callers` do `act` for every number, each in an order of their own."""

    def call(caller: int) -> object:
        if caller == 0:
            return imported(path, block=4)
        numbers = list(range(1, MANY + 1))
        random.Random(caller).shuffle(numbers)
        for number in numbers:
            act(number)
        return None

    results = in_parallel(callers + 1, call)
    assert [result for result in results if isinstance(result, Exception)] == []


def test_persons_register_while_they_are_brought_over(tmp_path: Path) -> None:
    def register(number: int) -> None:
        # Every second one is somebody else with another phone, who took the name in an older release.
        registered(Realm.NATURAL, phone(number), phone(number if number % 2 else 500 + number))

    at_once(persons(tmp_path, [person(number) for number in range(1, MANY + 1)]), register)
    outcomes = dict(LegacyAccount.objects.values_list("row", "outcome"))
    assert len(outcomes) == MANY
    for number, outcome in outcomes.items():
        holder = Account.objects.get(realm=Realm.NATURAL, login_name_key=phone(number))
        legacy = LegacyAccount.objects.get(row=number)
        prefixed = Account.objects.filter(login_name=f"HJ_{phone(number)}").first()
        if outcome == Outcome.P1:
            assert (holder.id, prefixed) == (legacy.account_id, None)
        elif outcome == Outcome.P2:
            assert number % 2
            assert (legacy.account_id, legacy.met_account_id, prefixed) == (None, holder.id, None)
        else:
            assert outcome == Outcome.P3
            assert not number % 2
            assert prefixed is not None
            assert (legacy.account_id, legacy.met_account_id) == (prefixed.id, holder.id)
    _nothing_is_left_over()


def test_units_register_while_they_are_brought_over(tmp_path: Path) -> None:
    at_once(
        units(tmp_path, [unit(number) for number in range(1, MANY + 1)]),
        lambda number: registered(Realm.LEGAL, code(number), phone(500 + number)),
    )
    for legacy in LegacyAccount.objects.all():
        holder = Account.objects.get(realm=Realm.LEGAL, login_name_key=code(legacy.row).lower())
        assert legacy.outcome in {Outcome.E1, Outcome.E3}
        assert (legacy.account_id == holder.id) == (legacy.outcome == Outcome.E1)
        assert legacy.account_id is not None
        made = Account.objects.get(id=legacy.account_id)
        assert made.login_name == legacy.login_name
        assert made.legal_profile.uscc == code(legacy.row)
    _nothing_is_left_over()


def test_units_are_verified_while_they_are_brought_over(tmp_path: Path) -> None:
    accounts = {number: claims_unit(number, f"own.{number}") for number in range(1, MANY + 1)}
    at_once(
        units(tmp_path, [unit(number) for number in range(1, MANY + 1)]),
        lambda number: verify_unit(accounts[number], number),
        callers=1,
    )
    assert IdentityBinding.objects.filter(released_at__isnull=True).count() == MANY
    for legacy in LegacyAccount.objects.all():
        assert legacy.account_id is not None
        claim = LegalProfile.objects.filter(account_id=legacy.account_id).first()
        if legacy.outcome == Outcome.E4:
            assert claim is None
            assert legacy.met_account_id == accounts[legacy.row].id
        else:
            assert legacy.outcome == Outcome.E1
            assert claim is not None
            assert claim.released_at is not None, "whoever is verified later releases the claims of others"


def _nothing_is_left_over() -> None:
    """Every made account belongs to a row, and every row that made one has it."""
    made = set(LegacyAccount.objects.filter(outcome__in=CREATED).values_list("account_id", flat=True))
    assert made == set(Account.objects.filter(transferred_at__isnull=False).values_list("id", flat=True))


def state() -> list[Any]:
    """Return everything an import leaves behind, but ids, times and ciphertexts."""
    legacy = LegacyAccount.objects.values_list(
        "row", "kind", "uscc", "phone_index", "fingerprint", "outcome", "reason", "login_name"
    )
    account_of = {account.id: account for account in Account.objects.all()}
    linked = [(one.row, account_of[one.account_id]) for one in LegacyAccount.objects.all() if one.account_id]
    return [
        sorted(legacy),
        sorted((row, account.realm, account.login_name) for row, account in linked),
        sorted(Account.objects.values_list("realm", "login_name", "login_name_key", "phone_index", "phone_proved_at")),
        sorted(
            LegalProfile.objects.values_list("uscc", "unit_name", "unit_name_key", "unit_type", "account__login_name")
        ),
        sorted(BadRow.objects.values_list("row", "column", "reason", "sample")),
        list(
            Batch.objects.values_list(
                "rows_read", "rows_bad", "rows_known", "rows_changed", "counts", "last_row", "offset"
            )
        ),
    ]


@contextmanager
def runner(path: Path) -> Iterator[Callable[[str], int]]:
    """Yield what runs an import in a process of its own, for so many seconds or until it is done."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tongban.config.settings", "PYTHONPATH": "src:."}
    words = [sys.executable, "-m", "tests.unit.transfer.kill_runner", str(connection.settings_dict["NAME"])]
    process = subprocess.Popen(
        [*words, str(path), "10"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    pipe_in, pipe_out = process.stdin, process.stdout
    assert pipe_out.readline() == "ready\n"

    def run(seconds: str) -> int:
        pipe_in.write(f"{seconds}\n")
        pipe_in.flush()
        return int(pipe_out.readline())

    try:
        yield run
    finally:
        pipe_in.close()
        process.wait(30)
        pipe_out.close()


def test_an_import_that_is_killed_again_and_again_ends_as_a_clean_one(tmp_path: Path) -> None:
    rows = [unit(number) if number % 17 else unit(number, phone="12") for number in range(1, 600)]
    path = units(tmp_path, [*rows, unit(5), unit(6, name="另一个公司")])
    for number in range(1, 30):
        registered(Realm.LEGAL, code(number * 7), phone(5000 + number))
    moments = random.Random(20)
    with runner(path) as run:
        started = monotonic()
        assert run("-") == 0
        whole = monotonic() - started
        clean = state()
        _start_over()
        killed = [run(f"{moments.uniform(0, whole / 10):.4f}") for _time in range(KILLS)]
        assert set(killed) <= {0, signal.SIGKILL}
        assert killed.count(signal.SIGKILL) >= KILLS // 2
        assert run("-") == 0
    assert state() == clean
    _nothing_is_left_over()
    told = [event.facts["rows"] for event in Event.objects.filter(name="transfer:rows:imported")]
    assert sum(told) == Batch.objects.get().rows_read == 601


def _start_over() -> None:
    """Forget the import, and let the people who had registered stay."""
    BadRow.objects.all().delete()
    LegacyAccount.objects.all().delete()
    Batch.objects.all().delete()
    LegalProfile.objects.filter(account__transferred_at__isnull=False).delete()
    Account.objects.filter(transferred_at__isnull=False).delete()
    Waiting.objects.all().delete()
    Event.objects.all()._raw_delete("default")
