"""Files are brought over: what is decided and written, what is refused, what a later file changes."""

from collections.abc import Callable, Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.people import somebody
from tests.unit.transfer import standing
from tests.unit.transfer.files import (
    ME,
    PERSON_HEADER,
    UNIT_HEADER,
    code,
    hashed,
    imported,
    password,
    person,
    persons,
    phone,
    unit,
    units,
    write,
)
from tests.unit.transfer.other_process import holding_the_lock
from tests.unit.transfer.standing import claims_unit, has_phone, unproved, verify_person, verify_unit
from tongban.accounts import credentials, queries
from tongban.accounts.models import Account, Consent, LegalProfile
from tongban.accounts.rules import Realm
from tongban.audit.models import Event
from tongban.kernel import clock
from tongban.kernel.key_ring import new_key
from tongban.kernel.mobile import Mobile
from tongban.transfer.errors import ImportRunning
from tongban.transfer.file_format import open_file
from tongban.transfer.flows.import_file import import_file, rehearse
from tongban.transfer.models import BadRow, Batch, LegacyAccount, SlowPasswordKind
from tongban.transfer.preparing import Prepared
from tongban.transfer.rules import CREATED, Outcome
from tongban.transfer.staging import Staging
from tongban.vault import blind_index, keys
from tongban.vault.purposes import Purpose

pytestmark = pytest.mark.django_db(transaction=True)
HJ, ELSEWHERE = "HJ_", "verified_under_another_name"

UNITS: list[tuple[Callable[[int], object], str, str, str]] = [
    # what stands before, outcome, reason, login name ("" stands for the code)
    (lambda n: None, "E1", "name_free", ""),
    (lambda n: claims_unit(n, "claims.it"), "E1", "name_free", ""),  # a claim under another name blocks nobody
    (lambda n: verify_unit(claims_unit(n, code(n).lower()), n), "E2", "verified_here", ""),
    (lambda n: claims_unit(n, code(n), phone_of=n), "E2", "same_unit_and_phone", ""),
    (lambda n: claims_unit(n, code(n)), "E3", "name_held", HJ),  # squatted: another phone
    (lambda n: unproved(claims_unit(n, code(n), phone_of=n)), "E3", "name_held", HJ),
    (lambda n: claims_unit(n, code(n), of=700, phone_of=n), "E3", "name_held", HJ),
    (lambda n: verify_unit(claims_unit(n, code(n), of=701), 701), "E3", "name_held", HJ),
    (lambda n: _released(claims_unit(n, code(n), phone_of=n)), "E3", "name_held", HJ),
    (lambda n: verify_unit(claims_unit(n, "other.name"), n), "E4", ELSEWHERE, ""),
    (lambda n: (verify_unit(claims_unit(n, "next.name"), n), claims_unit(n, code(n), phone_of=n)), "E4", ELSEWHERE, ""),
    (lambda n: (verify_unit(claims_unit(n, "last.name"), n), somebody(code(n), phone(950))), "E4", ELSEWHERE, HJ),
]  # fmt: skip
PERSONS: list[tuple[Callable[[int], object], str, str, str]] = [
    (lambda n: None, "P1", "name_free", ""),
    (lambda n: has_phone(n, "has.phone"), "P1", "name_free", ""),  # not verified
    (lambda n: verify_person(unproved(has_phone(n, "not.proved")), n), "P1", "name_free", ""),
    (lambda n: verify_unit(standing.claims_unit(n, "a.unit", phone_of=n), n), "P1", "name_free", ""),
    (lambda n: has_phone(n, phone(n)), "P2", "same_phone", ""),
    (lambda n: (has_phone(n, phone(n)), verify_person(has_phone(n, "me.too"), n)), "P2", "same_phone", ""),
    (lambda n: somebody(phone(n), phone(951)), "P3", "name_held", HJ),
    (lambda n: unproved(has_phone(n, phone(n))), "P3", "name_held", HJ),
    (lambda n: (somebody(phone(n), phone(952)), verify_person(has_phone(n, "my.own"), n)), "P3", "name_held", HJ),
    (lambda n: verify_person(has_phone(n, "own.name"), n), "P4", "verified_under_another_name", "-"),
]


def _released(account: Account) -> Account:
    LegalProfile.objects.filter(account=account).update(released_at=clock.now())
    return account


def legacy_of(number: int) -> LegacyAccount:
    return LegacyAccount.objects.get(row=number)


def test_the_table_of_units(tmp_path: Path) -> None:
    for number, (prepare, *_expected) in enumerate(UNITS, start=1):
        prepare(number)
    before = {account.id for account in Account.objects.all()}
    batch = imported(units(tmp_path, [unit(number) for number in range(1, len(UNITS) + 1)]), block=5)
    for number, (_prepare, outcome, reason, name) in enumerate(UNITS, start=1):
        legacy = legacy_of(number)
        assert (legacy.outcome, legacy.reason, legacy.login_name) == (outcome, reason, name + code(number)), number
        _check_account(legacy, number, before, Realm.NATURAL if outcome == "E4" else Realm.LEGAL)
    assert batch.counts == {"E1": 2, "E2": 2, "E3": 5, "E4": 3}
    assert (batch.rows_read, batch.rows_bad, batch.rows_known) == (12, 0, 0)


def test_the_table_of_persons(tmp_path: Path) -> None:
    for number, (prepare, *_expected) in enumerate(PERSONS, start=1):
        prepare(number)
    before = {account.id for account in Account.objects.all()}
    batch = imported(persons(tmp_path, [person(number) for number in range(1, len(PERSONS) + 1)]), block=5)
    for number, (_prepare, outcome, reason, name) in enumerate(PERSONS, start=1):
        legacy = legacy_of(number)
        expected = "" if name == "-" else name + phone(number)
        assert (legacy.outcome, legacy.reason, legacy.login_name) == (outcome, reason, expected), number
        _check_account(legacy, number, before, Realm.NATURAL)
    assert batch.counts == {"P1": 4, "P2": 2, "P3": 3, "P4": 1}


def _check_account(legacy: LegacyAccount, number: int, before: set[Any], realm: Realm) -> None:
    """An account is made or met; a made one has the legacy password, an unproved phone, and agreed to nothing."""
    assert legacy.phone.reveal(Purpose.MATCH) == phone(number)
    if legacy.outcome not in CREATED:
        assert legacy.account_id is None
        assert legacy.met_account_id in before
        return
    if legacy.reason == "name_free":
        assert legacy.met_account_id is None
    else:
        assert legacy.met_account_id in before
    assert legacy.account_id is not None
    account = Account.objects.get(id=legacy.account_id)
    assert account.id not in before
    assert queries.account_named(realm, legacy.login_name) == account
    assert queries.phone_of(account, Purpose.MATCH) == Mobile(phone(number))
    assert account.phone_proved_at is None
    assert account.transferred_at is not None
    assert credentials.judge(account, password(number)).is_right
    assert not credentials.judge(account, password(number + 1)).is_right
    assert not Consent.objects.filter(account=account).exists()
    profile = LegalProfile.objects.filter(account=account).first()
    assert (profile is not None) == (realm is Realm.LEGAL)
    if profile is not None:
        assert (profile.uscc, profile.unit_name, profile.released_at) == (code(number), unit(number)[1], None)
        assert profile.contact_name is not None
        assert profile.contact_name.reveal(Purpose.MATCH) == "张三"


def test_one_bad_row_in_a_hundred(tmp_path: Path) -> None:
    rows = [person(number) if number % 100 else person(number, phone="12") for number in range(1, 501)]
    batch = imported(persons(tmp_path, rows), block=37)
    assert (batch.rows_read, batch.rows_bad, batch.counts) == (500, 5, {"P1": 495})
    bad = BadRow.objects.order_by("row").values_list("row", "column", "reason", "sample")
    assert list(bad) == [(number, "phone", "mobile.length", "**") for number in range(100, 501, 100)]


def test_rows_that_stand_twice(tmp_path: Path) -> None:
    rows = [unit(1), unit(2), unit(1), unit(1, name="另一个公司"), unit(3), unit(2), unit(3, phone=phone(4))]
    for block in (2, 3, 7):
        folder = tmp_path / str(block)
        folder.mkdir()
        LegacyAccount.objects.all().delete()
        LegalProfile.objects.all().delete()
        Account.objects.all().delete()
        BadRow.objects.all().delete()
        Batch.objects.all().delete()
        batch = imported(units(folder, rows), block=block)
        assert batch.counts == {"E1": 3}
        bad = BadRow.objects.order_by("row").values_list("row", "reason", "sample")
        assert list(bad) == [
            (3, "transfer.duplicate_row", code(1)),
            (4, "transfer.conflicting_row", code(1)),
            (6, "transfer.duplicate_row", code(2)),
            (7, "transfer.conflicting_row", code(3)),
        ]
        assert LegalProfile.objects.get(uscc=code(1)).unit_name == unit(1)[1], "the first counts"
    batch = imported(persons(tmp_path, [person(1), person(1)]))
    assert BadRow.objects.get(batch=batch).sample == "130****0001"


def state() -> list[Any]:
    """Return everything an import writes, but ids, times and ciphertexts."""
    return [
        sorted(Account.objects.values_list("realm", "login_name", "phone_index", "phone_proved_at")),
        sorted(LegacyAccount.objects.values_list("row", "uscc", "phone_index", "outcome", "reason", "fingerprint")),
        sorted(LegalProfile.objects.values_list("uscc", "unit_name", "unit_type")),
    ]


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    rows = [unit(number) for number in range(1, 30)]
    first = imported(units(tmp_path, rows))
    before, events = state(), Event.objects.count()
    again = imported(units(tmp_path, rows))
    assert (again.id, again.rows_read, again.finished_at) == (first.id, 29, first.finished_at)
    assert (state(), Event.objects.count()) == (before, events)
    shuffled = imported(units(tmp_path, [*reversed(rows), unit(99)], name="again.csv"), block=10)
    assert (shuffled.rows_known, shuffled.rows_changed, shuffled.counts) == (29, 0, {"E1": 1})
    assert [part[: len(before[0])] for part in state()][2][:29] == before[2]
    assert LegacyAccount.objects.filter(batch=first).count() == 29


def test_a_later_file_brings_unused_accounts_up_to_date(tmp_path: Path) -> None:
    standing.claims_unit(4, code(4), phone_of=4)
    imported(units(tmp_path, [unit(number) for number in range(1, 5)]))
    used = Account.objects.get(login_name=code(3))
    Account.objects.filter(id=used.id).update(last_used_on=clock.now().date())
    changes = {"name": "新名称公司", "phone": phone(77), "password": hashed(77), "contact": ""}
    later = imported(units(tmp_path, [unit(number, **changes) for number in (1, 3, 4)], name="later.csv"))
    assert (later.rows_known, later.rows_changed, later.counts) == (3, 2, {})
    account = Account.objects.get(login_name=code(1))
    assert credentials.judge(account, password(77)).is_right
    assert queries.phone_of(account, Purpose.MATCH) == Mobile(phone(77))
    assert account.phone_index == blind_index.of("accounts.account.phone", phone(77))
    profile = LegalProfile.objects.get(account=account)
    assert (profile.unit_name, profile.unit_name_key, profile.contact_name) == ("新名称公司", "新名称公司", None)
    legacy = LegacyAccount.objects.get(uscc=code(1))
    assert (legacy.phone.reveal(Purpose.MATCH), legacy.changed_by, legacy.outcome) == (phone(77), later, "E1")
    used.refresh_from_db()
    assert credentials.judge(used, password(3)).is_right, "who uses the account knows better"
    assert LegacyAccount.objects.get(uscc=code(3)).changed_by is None
    assert LegacyAccount.objects.get(uscc=code(4)).phone.reveal(Purpose.MATCH) == phone(77)


def test_persons_are_brought_up_to_date(tmp_path: Path) -> None:
    imported(persons(tmp_path, [person(1)]))
    rows = [person(1, password=hashed(2)), person(1, password=hashed(3)), person(1, password=hashed(2))]
    later = imported(persons(tmp_path, rows, name="later.csv"), block=2)
    assert (later.rows_known, later.rows_changed, later.rows_bad) == (1, 1, 2)
    account = Account.objects.get()
    assert credentials.judge(account, password(2)).is_right
    assert list(BadRow.objects.order_by("row").values_list("row", "reason")) == [
        (2, "transfer.conflicting_row"),
        (3, "transfer.duplicate_row"),
    ]


def test_a_rehearsal_says_what_an_import_would_do(tmp_path: Path) -> None:
    for number, (prepare, *_expected) in enumerate(UNITS, start=1):
        prepare(number)
    imported(units(tmp_path, [unit(1), unit(2)], name="earlier.csv"))
    rows = [unit(n) for n in range(2, len(UNITS) + 1)] + [
        unit(5),
        unit(6, name="另一个公司"),
        unit(9, phone=""),
        unit(1, contact="李四"),
    ]
    path = units(tmp_path, rows)
    before = state()
    told: list[tuple[int, int]] = []
    found = rehearse(file=open_file(path), block=4, progress=lambda *done: told.append(done))
    assert state() == before
    assert Batch.objects.count() == 1
    batch = imported(path, block=4)
    assert found.counts == batch.counts
    assert (found.rows, found.known, found.changed, found.rows_bad) == (15, 2, 1, 3)
    assert (batch.rows_read, batch.rows_known, batch.rows_changed, batch.rows_bad) == (15, 2, 1, 3)
    stored = BadRow.objects.filter(batch=batch).order_by("row").values_list("row", "reason", "sample")
    assert [(slip.row, slip.reason, slip.sample) for slip in found.bad] == list(stored)
    assert asdict(found.conflicts[Outcome.E4][-1])["login_name"] == HJ + code(12)
    assert sum(rows for rows, _bytes in told) == 15
    assert sum(size for _rows, size in told) == path.stat().st_size


def test_kinds_of_hashes_that_take_long_are_noted(tmp_path: Path) -> None:
    imported(persons(tmp_path, [person(1), person(2, password="$2b$04$" + "a" * 53)]))
    assert list(SlowPasswordKind.objects.values_list("kind", flat=True)) == ["bcrypt"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_encodings_and_processes(tmp_path: Path, encoding: str) -> None:
    rows = [unit(number) for number in range(1, 40)]
    path = write(tmp_path, UNIT_HEADER, rows, encoding=encoding)
    batch = import_file(actor=ME, file=open_file(path), processes=2, block=7)
    assert batch.counts == {"E1": 39}
    assert LegalProfile.objects.get(uscc=code(5)).unit_name == unit(5)[1]


def test_every_block_is_in_the_audit_trail(tmp_path: Path) -> None:
    batch = imported(write(tmp_path, PERSON_HEADER, [person(1), person(2), person(3, phone="")]), block=2)
    names = list(Event.objects.order_by("at", "id").values_list("name", flat=True))
    assert names == ["transfer:rows:imported", "transfer:rows:imported", "transfer:batch:imported"]
    first, second, last = Event.objects.order_by("at", "id")
    assert first.facts == {**first.facts, "batch": str(batch.id), "last_row": 2, "rows": 2, "bad": 0, "changed": 0}
    assert first.facts["digest"] != second.facts["digest"]
    assert last.facts == {"batch": str(batch.id), "rows": 3, "bad": 1}
    assert not any(phone(1) in str(event.facts) for event in (first, second, last))


def test_phones_are_found_under_older_keys_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    has_phone(1, phone(1))
    verify_person(has_phone(2, "own.name"), 2)
    imported(persons(tmp_path, [person(3)], name="earlier.csv"))
    older = keys.all_keys(keys.INDEX)
    newer = new_key(keys.INDEX, older[0].suite)
    monkeypatch.setattr(keys, "all_keys", lambda use: [newer, *older] if use == keys.INDEX else older)
    batch = imported(persons(tmp_path, [person(1), person(2), person(3), person(4)]))
    assert (batch.counts, batch.rows_known) == ({"P1": 1, "P2": 1, "P4": 1}, 1)
    assert LegacyAccount.objects.get(row=4).phone_index.startswith(newer.id)


def test_a_reserved_name_that_is_taken_is_a_bad_row(tmp_path: Path) -> None:
    somebody(phone(1), phone(960))
    somebody(HJ + phone(1), phone(961))
    batch = imported(persons(tmp_path, [person(1), person(2)]))
    assert batch.counts == {"P1": 1}
    assert BadRow.objects.values_list("row", "reason", "sample").get() == (1, "transfer.name_taken", "130****0001")


def test_a_name_that_was_free_a_moment_ago(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever registers after the block was looked up is seen all the same, and nobody else is disturbed."""
    looked_up = Staging.meeting

    def meeting(staging: Staging, prepared: Prepared) -> set[int]:
        found = looked_up(staging, prepared)
        has_phone(2, phone(2))
        somebody(phone(3), phone(953))
        return found

    monkeypatch.setattr(Staging, "meeting", meeting)
    somebody(phone(5), phone(955))
    batch = imported(persons(tmp_path, [person(number) for number in (1, 2, 3, 4, 5, 4)]))
    assert batch.counts == {"P1": 2, "P2": 1, "P3": 2}
    outcomes = dict(LegacyAccount.objects.order_by("row").values_list("row", "outcome"))
    assert outcomes == {1: "P1", 2: "P2", 3: "P3", 4: "P1", 5: "P3"}
    assert set(Account.objects.filter(transferred_at__isnull=False).values_list("login_name", flat=True)) == {
        phone(1),
        HJ + phone(3),
        phone(4),
        HJ + phone(5),
    }
    assert BadRow.objects.values_list("row", "reason").get() == (6, "transfer.duplicate_row")


def test_most_rows_meet_nothing_and_are_not_staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staged: list[int] = []
    load = Staging.load

    def counted(staging: Staging, prepared: Prepared, places: Collection[int] | None = None) -> None:
        staged.append(-1 if places is None else len(places))
        load(staging, prepared, places)

    monkeypatch.setattr(Staging, "load", counted)
    for number in (3, 8):
        claims_unit(number, code(number))
    batch = imported(units(tmp_path, [unit(number) for number in range(1, 21)]), block=10)
    assert (batch.counts, staged) == ({"E1": 18, "E3": 2}, [2])


def test_two_imports_at_once_are_refused(tmp_path: Path) -> None:
    path = persons(tmp_path, [person(1)])
    with holding_the_lock():
        with pytest.raises(ImportRunning):
            imported(path)
        with pytest.raises(ImportRunning):
            rehearse(file=open_file(path))
    assert imported(path).finished_at
