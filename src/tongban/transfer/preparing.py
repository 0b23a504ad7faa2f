"""From the bytes of a file to rows for the database: read, checked, sealed, indexed.

This is where the processor's time goes, so it is done for blocks of thousands, column by column, in processes of their
own that know neither models nor database. What is written as it should be takes a short way; the kernel's rules judge
the rest.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter, mul
from typing import NamedTuple
from uuid import UUID

from tongban.kernel import clock, normalise
from tongban.kernel.check_characters import USCC_ALPHABET
from tongban.kernel.errors import Invalid
from tongban.kernel.ids import new_id_texts
from tongban.kernel.masking import mask_document, mask_phone
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.registering_authorities import AUTHORITIES
from tongban.kernel.uscc import Uscc
from tongban.transfer.bulk import WRITERS, Lines, Table
from tongban.transfer.errors import LegacyHashRefused
from tongban.transfer.file_format import Block, Field
from tongban.transfer.hashers import PasswordSealer
from tongban.transfer.legacy_hash import SLOW, LegacyHash, LegacyKind
from tongban.transfer.rules import LEGAL, Kind, decide
from tongban.vault.blind_index import Indexer
from tongban.vault.digests import Digester
from tongban.vault.sealing import Sealer

_Cells = tuple[str, ...]  # in the order of `Field`
FINGERPRINT = "transfer.legacy_account.fingerprint"
ACCOUNTS = Table(
    "accounts_account",
    (
        "id", "password", "realm", "login_name", "login_name_key", "phone", "phone_index", "transferred_at",
        "created_at", "password_changed_at",
    ),
)  # fmt: skip
PROFILES = Table(
    "accounts_legalprofile", ("account_id", "unit_name", "unit_name_key", "uscc", "unit_type", "contact_name")
)
LEGACY = Table(
    "transfer_legacyaccount",
    (
        "id", "batch_id", "row", "kind", "uscc", "phone", "phone_index", "fingerprint", "outcome", "reason",
        "login_name", "account_id", "decided_at",
    ),
)  # fmt: skip
_SAMPLE = 30

_PHONE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_CODE = re.compile(f"[{''.join(AUTHORITIES)}][{USCC_ALPHABET}][0-9]{{6}}[{USCC_ALPHABET}]{{10}}")
_UNIT_NAME = re.compile("[\u4e00-\u9fff]{2}[\u4e00-\u9fff（）]{0,198}")
_PERSON_NAME = re.compile("[\u4e00-\u9fff]{2,20}")
_BRACKETS = str.maketrans("（）", "()")
# GB 32100-2015, annex A: the check character makes the weighted sum a multiple of 31, so its own weight is 1.
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)
_VALUE = {character: value for value, character in enumerate(USCC_ALPHABET)}
_SALT = r"(?:[A-Za-z0-9]{1,64}\$)?"
_FAST_HASH = re.compile(
    rf"md5\${_SALT}[0-9a-f]{{32}}|sha1\${_SALT}[0-9a-f]{{40}}|(?:sha256|sm3)\${_SALT}[0-9a-f]{{64}}"
)


@dataclass(frozen=True, slots=True)
class Slip:
    """A row that cannot be imported: the column (empty: the whole row), the reason, and how it looks, masked."""

    row: int
    column: str
    reason: str
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row whose unit or person stands further up in the same block: in `first`, with the `same` data or others."""

    row: int
    first: int
    same: bool


@dataclass(slots=True)
class Prepared:
    """A block made ready.

    `lines` are rows of the tables as they are written where nothing of the platform is in their way, neighbours in the
    indexes beside each other. In the same order stand `numbers` (of the rows in the file) and, with commas between,
    `names` (what their owners log in with) and `indexes` of their phones (a text for each key, the current one first).
    `digest` is over what the rows say.
    """

    last_row: int
    end: int
    rows: int = 0
    numbers: list[int] = field(default_factory=list)
    names: str = ""
    indexes: list[str] = field(default_factory=list)
    lines: dict[Table, Lines] = field(default_factory=dict)
    digest: str = ""
    slow: list[LegacyKind] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Contexts:
    """What values are sealed for, and the domain of the phone's index: the names of fields of models."""

    phone: str
    legacy_phone: str
    contact_name: str
    phone_index: str


class _Record(NamedTuple):
    """A row of the file that can be imported."""

    row: int
    name: str
    phone: str
    password: str
    unit_name: str = ""
    unit_name_key: str = ""
    unit_type: str = ""
    contact: str = ""


class _Refused(Exception):
    def __init__(self, column: Field, reason: str, sample: str) -> None:
        super().__init__(reason)
        self.column, self.reason, self.sample = column, reason, sample


@dataclass(frozen=True)
class Preparer:
    """Prepares blocks of one file for one `database`.

    `unit_types` maps what a cell may say to what is stored; `batch_id` is the file's.
    """

    kind: Kind
    encoding: str
    delimiter: str
    fields: tuple[Field | None, ...]
    contexts: Contexts
    unit_types: dict[str, str]
    batch_id: UUID
    database: str

    def prepare(self, block: Block) -> Prepared:
        """Return the block made ready; a row that cannot be read becomes a slip and nothing else."""
        done = Prepared(last_row=block.first_row + len(block.records) - 1, end=block.end)
        records = self._records(block, done)
        index = Indexer(self.contexts.phone_index)
        if self.kind is Kind.UNIT:
            records.sort(key=attrgetter("name"))
            indexes = index.of_all([record.phone.encode() for record in records])
        else:
            indexes = index.of_all([record.phone.encode() for record in records])
            order = sorted(range(len(records)), key=indexes[0].__getitem__)
            records = [records[place] for place in order]
            indexes = [[made[place] for place in order] for made in indexes]
        fingerprints = Digester(FINGERPRINT).keyed_all(map(_said, records))
        done.repeats = _repeats(records, fingerprints)
        done.numbers = [record.row for record in records]
        done.names = ",".join([record.name for record in records])
        done.indexes = [b",".join(made).decode() for made in indexes]
        done.digest = hashlib.sha256("".join(fingerprints).encode()).hexdigest()
        done.lines = self._lines(records, indexes[0], fingerprints)
        return done

    def _records(self, block: Block, done: Prepared) -> list[_Record]:
        """Return the rows that can be imported, in the order of the file."""
        wanted = itemgetter(*(self._place(name) for name in Field))
        make = self._unit if self.kind is Kind.UNIT else self._person
        width, slow = len(self.fields), set[LegacyKind]()
        records = []
        for row, cells in self._rows(block, done):
            done.rows += 1
            if len(cells) > width:
                done.slips.append(Slip(row, "", "transfer.too_many_cells"))
                continue
            cells.extend([""] * (width + 1 - len(cells)))
            try:
                records.append(make(row, wanted(cells), slow))
            except _Refused as slip:
                done.slips.append(Slip(row, slip.column, slip.reason, slip.sample))
        done.slow = sorted(slow)
        return records

    def _lines(self, records: list[_Record], index: list[bytes], fingerprints: list[str]) -> dict[Table, Lines]:
        """Return the rows that are written where nothing is in the way."""
        free, now, write = decide(self.kind, frozenset()), clock.now(), WRITERS[self.database]()
        is_unit = self.kind is Kind.UNIT
        new = new_id_texts(len(records))
        rows = [text.encode() for text in new]
        phones = [record.phone.encode() for record in records]
        sealed_phones = Sealer(self.contexts.phone).seal_all(phones, rows=rows)
        legacy_phones = Sealer(self.contexts.legacy_phone).seal_all(phones, rows=rows)
        passwords = PasswordSealer().seal_all([record.password for record in records], new)
        names = [record.name for record in records]
        ids, login_names, phone_index = write.ids(new), write.texts(names), write.ascii(index)
        keys = write.texts([name.lower() for name in names]) if is_unit else login_names
        lines = {
            ACCOUNTS: write.lines(
                ids,
                write.ascii(passwords),
                "legal" if free.outcome in LEGAL else "natural",
                login_names,
                keys,
                write.binaries(sealed_phones),
                phone_index,
                now,
                now,
                now,
            ),
            LEGACY: write.lines(
                ids,
                self.batch_id,
                write.integers([record.row for record in records]),
                self.kind.value,
                login_names if is_unit else "",
                write.binaries(legacy_phones),
                phone_index,
                write.texts(fingerprints),
                free.outcome.value,
                free.reason,
                login_names,
                ids,
                now,
            ),
        }
        if is_unit:
            contacts = [record.contact for record in records]
            sealed = Sealer(self.contexts.contact_name).seal_all(map(str.encode, contacts), rows=rows)
            lines[PROFILES] = write.lines(
                ids,
                write.texts([record.unit_name for record in records]),
                write.texts([record.unit_name_key for record in records]),
                login_names,
                write.texts([record.unit_type for record in records]),
                write.binaries([one if contact else None for one, contact in zip(sealed, contacts, strict=True)]),
            )
        return lines

    def _place(self, name: Field) -> int:
        """Return where the column stands; one that there is not, in the empty cell behind the last."""
        return self.fields.index(name) if name in self.fields else len(self.fields)

    def _rows(self, block: Block, done: Prepared) -> Iterator[tuple[int, list[str]]]:
        """Yield each record that is not blank, with its number."""
        text = b"".join(block.records).decode(self.encoding)
        try:
            found = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter))
        except csv.Error:
            found = []
        if len(found) != len(block.records):  # some quote was never closed: each record for itself
            found = list(self._one_by_one(block, done))
        for row, cells in enumerate(found, start=block.first_row):
            if "".join(cells).strip():
                yield row, cells

    def _one_by_one(self, block: Block, done: Prepared) -> Iterator[list[str]]:
        for row, record in enumerate(block.records, start=block.first_row):
            text = io.StringIO(record.decode(self.encoding), newline="")
            try:
                yield next(csv.reader(text, delimiter=self.delimiter, strict=True), [])
            except csv.Error:
                done.rows += 1
                done.slips.append(Slip(row, "", "transfer.quotes"))
                yield []

    def _unit(self, row: int, cells: _Cells, slow: set[LegacyKind]) -> _Record:
        code = _code(cells[0])
        name, key = _unit_name(cells[1])
        kind = self._unit_type(cells[2], code)
        return _Record(row, code, _phone(cells[4]), _hash(cells[5], slow), name, key, kind, _contact(cells[3]))

    def _person(self, row: int, cells: _Cells, slow: set[LegacyKind]) -> _Record:
        number = _phone(cells[4])
        return _Record(row, number, number, _hash(cells[5], slow))

    def _unit_type(self, text: str, code: str) -> str:
        if not text or not (plain := normalise.text(text)):
            return Uscc(code).usual_unit_type
        if plain not in self.unit_types:
            raise _Refused(Field.UNIT_TYPE, "transfer.unit_type", plain[:_SAMPLE])
        return self.unit_types[plain]


def _said(record: _Record) -> bytes:
    """Return what tells two rows about the same unit or person apart."""
    said = f"{record.phone}|{record.password}"
    if record.unit_name:
        said += f"|{record.unit_name}|{record.unit_type}|{record.contact}"
    return said.encode()


def _repeats(records: Sequence[_Record], fingerprints: Sequence[str]) -> list[Repeat]:
    """Return the rows whose unit or person another one has already: in `records` they follow each other."""
    found: list[Repeat] = []
    first = 0
    for place in range(1, len(records)):
        if records[place].name != records[first].name:
            first = place
        else:
            same = fingerprints[place] == fingerprints[first]
            found.append(Repeat(records[place].row, records[first].row, same))
    return found


def _hash(text: str, slow: set[LegacyKind]) -> str:
    """Return the text of a hash that can be kept; of kinds that take long to check `slow` gets to know."""
    if _FAST_HASH.fullmatch(text):
        return text
    try:
        legacy = LegacyHash.parse(text)
    except LegacyHashRefused as error:
        raise _Refused(Field.PASSWORD, error.code, "") from None
    if legacy.kind in SLOW:
        slow.add(legacy.kind)
    return legacy.text


def _code(raw: str) -> str:
    if _CODE.fullmatch(raw) and sum(map(mul, map(_VALUE.__getitem__, raw), _WEIGHTS)) % len(USCC_ALPHABET) == 0:
        return raw
    try:
        return Uscc.parse(raw).value
    except Invalid as error:
        raise _Refused(Field.USCC, error.code, mask_document(raw.strip()[:_SAMPLE])) from None


def _phone(raw: str) -> str:
    if _PHONE.fullmatch(raw):
        return raw
    try:
        return Mobile.parse(raw).value
    except Invalid as error:
        raise _Refused(Field.PHONE, error.code, mask_phone(raw.strip()[:_SAMPLE])) from None


def _unit_name(raw: str) -> tuple[str, str]:
    """Return the name and the key under which it is compared."""
    if _UNIT_NAME.fullmatch(raw):
        return raw, raw.translate(_BRACKETS)
    try:
        name = UnitName.parse(raw)
    except Invalid as error:
        raise _Refused(Field.UNIT_NAME, error.code, mask_document(raw.strip()[:_SAMPLE])) from None
    return name.value, name.matching_key


def _contact(raw: str) -> str:
    """Return the contact's name; what is none is left out: nobody stays behind for it."""
    if not raw or _PERSON_NAME.fullmatch(raw):
        return raw
    try:
        return PersonName.parse(raw).value
    except Invalid:
        return ""
