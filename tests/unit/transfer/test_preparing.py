"""Rows are made ready as the kernel, the vault and the log-in understand them."""

import csv
import io
import multiprocessing
import os
import threading
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.journeys.transferred import of_every_kind
from tests.unit.transfer.files import PERSON_HEADER, UNIT_HEADER, code, hashed, person, phone, unit
from tongban.accounts.models import PHONE_DOMAIN
from tongban.kernel.errors import CODES, Invalid
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import UnitName
from tongban.kernel.uscc import Uscc
from tongban.transfer import preparing, working
from tongban.transfer.bulk import Tuples
from tongban.transfer.errors import LegacyHashRefused
from tongban.transfer.file_format import Block, Field
from tongban.transfer.flows import import_file
from tongban.transfer.legacy_hash import SLOW, LegacyHash, LegacyKind
from tongban.transfer.preparing import ACCOUNTS, LEGACY, PROFILES, Contexts, Prepared, Preparer, Slip
from tongban.transfer.rules import Kind
from tongban.transfer.sentences import BAD
from tongban.vault import blind_index, sealing

BATCH = UUID(int=7)
CONTEXTS = Contexts(PHONE_DOMAIN, "test.legacy_phone", "test.contact", PHONE_DOMAIN)
WARNINGS = {"uscc.organisation_check", "uscc.category_unknown", "uscc.region_unknown"}
FIELDS = {
    Kind.UNIT: (Field.USCC, Field.UNIT_NAME, Field.CONTACT_NAME, Field.PHONE, Field.PASSWORD),
    Kind.PERSON: (Field.PHONE, Field.PASSWORD),
}


def prepare(kind: Kind, *rows: tuple[str, ...] | bytes, database: str = "sqlite", fields: Any = None) -> Prepared:
    records = [row if isinstance(row, bytes) else ",".join(row).encode() + b"\n" for row in rows]
    form = (kind, "utf-8", ",", fields or FIELDS[kind])
    preparer = Preparer(*form, CONTEXTS, {"企业": "enterprise"}, BATCH, database)
    return preparer.prepare(Block(first_row=11, records=records, end=99))


def line(prepared: Prepared, number: int = 0) -> dict[str, Any]:
    """Return what is written for the row of the file `number` behind the first, of all tables together."""
    place = prepared.numbers.index(11 + number)
    found: dict[str, Any] = {}
    for table, prefix in ((PROFILES, ""), (ACCOUNTS, ""), (LEGACY, "legacy_")):
        if table in prepared.lines:
            rows = prepared.lines[table]
            assert isinstance(rows, Tuples)
            found |= {prefix + name: value for name, value in zip(table.columns, rows.rows[place], strict=True)}
    return found


def test_a_unit_is_sealed_for_the_rows_it_will_have() -> None:
    prepared = prepare(Kind.UNIT, unit(7))
    row = line(prepared)
    new = UUID(row["id"])
    assert (row["legacy_row"], row["uscc"], row["login_name"]) == (11, code(7), code(7))
    assert (row["realm"], row["login_name_key"]) == ("legal", code(7).lower())
    assert (row["legacy_outcome"], row["legacy_reason"], row["legacy_batch_id"]) == ("E1", "name_free", BATCH.hex)
    assert row["id"] == row["account_id"] == row["legacy_id"] == row["legacy_account_id"]
    assert row["unit_type"] == "enterprise"
    assert row["phone_index"] == blind_index.of(PHONE_DOMAIN, phone(7))
    for name, context, plain in (
        ("phone", PHONE_DOMAIN, phone(7)),
        ("legacy_phone", "test.legacy_phone", phone(7)),
        ("contact_name", "test.contact", "张三"),
    ):
        assert sealing.open_sealed(row[name], context=context, row=str(new)).decode() == plain
    assert (prepared.rows, prepared.numbers, prepared.last_row, prepared.end) == (1, [11], 11, 99)
    assert phone(7) not in str(row)


def test_a_person_has_no_claim() -> None:
    prepared = prepare(Kind.PERSON, person(3))
    row = line(prepared)
    assert (row["realm"], row["login_name"], row["login_name_key"]) == ("natural", phone(3), phone(3))
    assert (row["legacy_kind"], row["legacy_uscc"], row["legacy_outcome"]) == ("person", "", "P1")
    assert PROFILES not in prepared.lines


def test_rows_stand_as_their_neighbours_in_the_index() -> None:
    prepared = prepare(Kind.UNIT, *map(unit, (9, 2, 5)))
    assert prepared.numbers == [12, 13, 11]
    assert prepared.names.split(",") == [code(2), code(5), code(9)]
    prepared = prepare(Kind.PERSON, *map(person, range(1, 30)))
    (index,) = (made.split(",") for made in prepared.indexes)
    assert index == sorted(index) == [line(prepared, number - 11)["phone_index"] for number in prepared.numbers]
    assert prepared.names.split(",") == [phone(number - 10) for number in prepared.numbers]
    ids = [line(prepared, number - 11)["id"] for number in prepared.numbers]
    assert ids == sorted(ids)


def test_digits_and_letters_are_put_in_their_one_form() -> None:
    spaced = " ".join(code(7)).lower()
    row = line(
        prepare(
            Kind.UNIT, unit(7, uscc=spaced, phone="+86 130-0000-0007", name="示例(北京) 有限公司", contact="张·三4")
        )
    )
    assert (row["uscc"], row["phone_index"]) == (code(7), blind_index.of(PHONE_DOMAIN, phone(7)))
    assert (row["unit_name"], row["unit_name_key"]) == ("示例（北京）有限公司", "示例(北京)有限公司")
    assert row["contact_name"] is None, "what is no name is left out"
    assert row["login_name"] == code(7)


def test_equal_rows_have_equal_fingerprints() -> None:
    rows = prepare(Kind.UNIT, unit(1), unit(1), unit(1, name="另一个公司"), unit(2))
    assert [(repeat.row, repeat.first, repeat.same) for repeat in rows.repeats] == [(12, 11, True), (13, 11, False)]
    said = [line(rows, number)["legacy_fingerprint"] for number in range(3)]
    assert said[0] == said[1] != said[2]
    again = prepare(Kind.PERSON, person(1), person(2), person(1, password=hashed(3)), person(2))
    assert {(repeat.row, repeat.first, repeat.same) for repeat in again.repeats} == {(13, 11, False), (14, 12, True)}
    assert rows.digest != prepare(Kind.UNIT, unit(1)).digest


@pytest.mark.parametrize(
    ("row", "slip"),
    [
        (unit(1, uscc="91110108MA0000007A"), Slip(11, "uscc", "uscc.check_character", "9****************A")),
        (unit(1, uscc="11010519491231002X"), Slip(11, "uscc", "uscc.is_resident_id", "1****************X")),
        (unit(1, phone="010-88659000"), Slip(11, "phone", "mobile.landline", "010*****9000")),
        (unit(1, phone=""), Slip(11, "phone", "mobile.empty", "")),
        (unit(1, name=""), Slip(11, "unit_name", "unit_name.empty", "")),
        (unit(1, password=""), Slip(11, "password", "transfer.hash_empty", "")),
        (unit(1, password="Torch-1"), Slip(11, "password", "transfer.hash_kind", "")),
        ((*unit(1), "more"), Slip(11, "", "transfer.too_many_cells", "")),
        (b'1,"\n', Slip(11, "", "transfer.quotes", "")),
    ],
)
def test_a_slip_is_named_and_masked(row: tuple[str, ...], slip: Slip) -> None:
    prepared = prepare(Kind.UNIT, row, unit(2))
    assert prepared.slips == [slip]
    assert (prepared.rows, prepared.numbers) == (2, [12])
    assert slip.reason in BAD


def test_unit_types_may_be_said() -> None:
    fields = (*FIELDS[Kind.UNIT], Field.UNIT_TYPE)
    prepared = prepare(Kind.UNIT, (*unit(1), "企业"), (*unit(2), " "), (*unit(3), "行会"), fields=fields)
    assert line(prepared)["unit_type"] == line(prepared, 1)["unit_type"] == "enterprise"
    assert prepared.slips == [Slip(13, "unit_type", "transfer.unit_type", "行会")]


def test_blank_lines_and_missing_cells() -> None:
    prepared = prepare(Kind.PERSON, b"\n", b" , \n", b"13000000001\n", person(2))
    assert (prepared.rows, prepared.numbers, prepared.last_row) == (2, [14], 14)
    assert prepared.slips == [Slip(13, "password", "transfer.hash_empty", "")]
    assert line(prepared, 3)["login_name"] == phone(2)


def test_a_quote_that_is_never_closed_spoils_one_row() -> None:
    prepared = prepare(
        Kind.PERSON, person(1), b'13000000001,"\n', person(2), b'"13000000003","' + hashed(3).encode() + b'"\n'
    )
    assert [slip.row for slip in prepared.slips] == [12]
    assert sorted(prepared.numbers) == [11, 13, 14]


CELLS = st.text(st.sampled_from("91110108MA0000007XIO１３a -—+86（）()丁公司·."), max_size=24) | st.text(max_size=24)


HASHES = st.builds(
    lambda name, salt, digest: f"{name}${salt}{digest}",
    st.sampled_from(["md5", "MD5", "sha1", "sha256", "sm3", "md5-salt-last", "sha512"]),
    st.sampled_from(["", "pepper$", "p$p$", "$", "é$", f"{'a' * 64}$", f"{'a' * 65}$", "hex:00$"]),
    st.sampled_from(["a" * 32, "0" * 40, "A" * 64, "b" * 64, "g" * 64, "a" * 31, "QUFBQUFBQUFBQUFBQUFBQQ=="]),
)


@given(CELLS | st.integers(0, 10**8 - 1).map(code))
def test_the_short_way_for_codes_is_the_kernels(raw: str) -> None:
    _same(lambda: preparing._code(raw), lambda: Uscc.parse(raw).value)


@given(CELLS | st.integers(0, 10**9 - 1).map(phone))
def test_the_short_way_for_phones_is_the_kernels(raw: str) -> None:
    _same(lambda: preparing._phone(raw), lambda: Mobile.parse(raw).value)


@given(CELLS | st.text(st.sampled_from("示例（北京）有限公司"), max_size=12))
def test_the_short_way_for_names_is_the_kernels(raw: str) -> None:
    _same(lambda: preparing._unit_name(raw), lambda: (UnitName.parse(raw).value, UnitName.parse(raw).matching_key))


@given(HASHES | st.text(max_size=24))
def test_the_short_way_for_hashes_is_the_parsers(raw: str) -> None:
    slow: set[LegacyKind] = set()
    _same(lambda: preparing._hash(raw, slow), lambda: LegacyHash.parse(raw).text)
    with suppress(LegacyHashRefused):
        assert slow == {LegacyHash.parse(raw).kind} & SLOW


def test_the_usual_hashes_take_the_short_way() -> None:
    for kind, text in of_every_kind("Torch-1").items():
        assert bool(preparing._FAST_HASH.fullmatch(text)) == (kind not in SLOW)


def _same(short: Any, kernel: Any) -> None:
    try:
        expected = kernel()
    except (Invalid, LegacyHashRefused) as error:
        with pytest.raises(preparing._Refused, match=error.code):
            short()
    else:
        assert short() == expected


def test_every_reason_of_the_room_has_its_words() -> None:
    for module in (preparing, import_file):
        source = str(module.__spec__ and module.__spec__.origin)
        with open(source, encoding="utf-8") as text:  # noqa: PTH123
            for word in text.read().replace(",", " ").replace(")", " ").split():
                if word.startswith('"transfer.') and "legacy" not in word:
                    assert word.strip('"') in BAD


def test_every_slip_of_the_kernel_has_its_words() -> None:
    assert {code for code in CODES if code.startswith(("uscc.", "mobile.", "unit_name."))} <= BAD.keys() | WARNINGS


def test_headers_of_tests_are_those_of_files() -> None:
    assert len(UNIT_HEADER) == len(FIELDS[Kind.UNIT])
    assert len(PERSON_HEADER) == len(FIELDS[Kind.PERSON])
    assert next(csv.reader(io.StringIO(",".join(unit(1))))) == list(unit(1))


def test_a_process_ends_with_the_one_it_works_for(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(os, "_exit", lambda code: ended.set())
    working._go_with_parent()
    assert not ended.is_set(), "nobody started this one"
    other = multiprocessing.get_context("spawn").Process(target=len, args=("",))
    other.start()
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: other)
    working._go_with_parent()
    assert ended.wait(30)
