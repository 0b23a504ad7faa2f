"""From the bytes of a file to rows for the database: read, checked, sealed, indexed.

This is where the processor's time goes, so it is done for blocks of thousands, in processes of their own that know
neither models nor database. What is written as it should be takes a short way; the kernel's rules judge the rest.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter, mul
from uuid import UUID

from tongban.kernel import normalise
from tongban.kernel.check_characters import USCC_ALPHABET
from tongban.kernel.errors import Invalid
from tongban.kernel.ids import new_id_texts
from tongban.kernel.masking import mask_document, mask_phone
from tongban.kernel.mobile import Mobile
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.registering_authorities import AUTHORITIES
from tongban.kernel.uscc import Uscc
from tongban.transfer.errors import LegacyHashRefused
from tongban.transfer.file_format import Block, Field
from tongban.transfer.hashers import PasswordSealer
from tongban.transfer.legacy_hash import LegacyHash, LegacyKind
from tongban.transfer.rules import Kind
from tongban.vault.blind_index import Indexer
from tongban.vault.digests import Digester
from tongban.vault.sealing import Sealer

Cell = str | int | bytes | None
_Cells = tuple[str, ...]  # in the order of `Field`
FINGERPRINT = "transfer.legacy_account.fingerprint"
COLUMNS = ("row", "id", "login_key", "phone", "legacy_phone", "fingerprint", "password")
"""What every prepared row holds, followed by `UNIT_COLUMNS` for units and by the indexes of the phone."""
UNIT_COLUMNS = ("uscc", "unit_name", "unit_name_key", "unit_type", "contact_name")
_SAMPLE = 30

_PHONE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_CODE = re.compile(f"[{''.join(AUTHORITIES)}][{USCC_ALPHABET}][0-9]{{6}}[{USCC_ALPHABET}]{{10}}")
_UNIT_NAME = re.compile("[\u4e00-\u9fff]{2}[\u4e00-\u9fff（）]{0,198}")
_PERSON_NAME = re.compile("[\u4e00-\u9fff]{2,20}")
_BRACKETS = str.maketrans("（）", "()")
# GB 32100-2015, annex A: the check character makes the weighted sum a multiple of 31, so its own weight is 1.
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)
_VALUE = {character: value for value, character in enumerate(USCC_ALPHABET)}


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
    """A block made ready. `staged` are lines for PostgreSQL's COPY, or tuples; `digest` is over what they say."""

    last_row: int
    end: int
    staged: bytes | list[tuple[Cell, ...]]
    rows: int = 0
    count: int = 0
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


class _Refused(Exception):
    def __init__(self, column: Field, reason: str, sample: str) -> None:
        super().__init__(reason)
        self.column, self.reason, self.sample = column, reason, sample


@dataclass(frozen=True)
class Preparer:
    """Prepares blocks of one file. `unit_types` maps what a cell may say to what is stored; `copy` wants COPY lines."""

    kind: Kind
    encoding: str
    delimiter: str
    fields: tuple[Field | None, ...]
    contexts: Contexts
    unit_types: dict[str, str]
    copy: bool

    def prepare(self, block: Block) -> Prepared:
        """Return the block made ready; a row that cannot be read becomes a slip and nothing else."""
        done = Prepared(last_row=block.first_row + len(block.records) - 1, end=block.end, staged=b"")
        tools = _Tools(self.contexts)
        wanted = itemgetter(*(self._place(name) for name in Field))
        width, fingerprints, first = len(self.fields), hashlib.sha256(), dict[str, tuple[int, str]]()
        lines: list[tuple[Cell, ...]] = []
        make = self._unit if self.kind is Kind.UNIT else self._person
        ids = new_id_texts(len(block.records))
        for row, cells in self._rows(block, done):
            done.rows += 1
            if len(cells) > width:
                done.slips.append(Slip(row, "", "transfer.too_many_cells"))
                continue
            try:
                line = make(tools, row, ids[row - block.first_row], wanted(cells + [""] * (width + 1 - len(cells))))
            except _Refused as slip:
                done.slips.append(Slip(row, slip.column, slip.reason, slip.sample))
                continue
            key, fingerprint = str(line[2]), str(line[5])
            before, said = first.setdefault(key, (row, fingerprint))
            if before != row:
                done.repeats.append(Repeat(row, before, said == fingerprint))
            fingerprints.update(fingerprint.encode())
            lines.append(line)
        done.count, done.digest = len(lines), fingerprints.hexdigest()
        done.slow = sorted(tools.passwords.slow)
        done.staged = _copy_lines(lines) if self.copy else lines
        return done

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
            if any(cells) and any(cell.strip() for cell in cells):
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

    def _unit(self, tools: "_Tools", row: int, new: str, cells: _Cells) -> tuple[Cell, ...]:
        code = _code(cells[0])
        name, name_key = _unit_name(cells[1])
        kind = self._unit_type(cells[2], code)
        contact = _contact(cells[3])
        number = _phone(cells[4])
        row_name = new.encode()
        return (
            row,
            self._stored(new),
            code.lower(),
            *tools.phones(number, row_name),
            tools.fingerprint(f"{number}|{cells[5]}|{name}|{kind}|{contact}"),
            tools.password(cells[5], new),
            code,
            name,
            name_key,
            kind,
            tools.contact.seal(contact.encode(), row=row_name) if contact else None,
            *tools.index.of(number.encode()),
        )

    def _person(self, tools: "_Tools", row: int, new: str, cells: _Cells) -> tuple[Cell, ...]:
        number = _phone(cells[4])
        return (
            row,
            self._stored(new),
            number,
            *tools.phones(number, new.encode()),
            tools.fingerprint(f"{number}|{cells[5]}"),
            tools.password(cells[5], new),
            *tools.index.of(number.encode()),
        )

    def _stored(self, new: str) -> str:
        """Return an id as the database takes it: SQLite keeps the digits alone."""
        return new if self.copy else new.replace("-", "")

    def _unit_type(self, text: str, code: str) -> str:
        if not text or not (plain := normalise.text(text)):
            return Uscc(code).usual_unit_type
        if plain not in self.unit_types:
            raise _Refused(Field.UNIT_TYPE, "transfer.unit_type", plain[:_SAMPLE])
        return self.unit_types[plain]


class _Tools:
    """The keys of one block."""

    def __init__(self, contexts: Contexts) -> None:
        self.phone, self.legacy_phone = Sealer(contexts.phone), Sealer(contexts.legacy_phone)
        self.contact = Sealer(contexts.contact_name)
        self.index = Indexer(contexts.phone_index)
        self.passwords, self._fingerprints = PasswordSealer(), Digester(FINGERPRINT)

    def phones(self, number: str, row: bytes) -> tuple[bytes, bytes]:
        """Return the phone sealed for the account and for the legacy account."""
        plain = number.encode()
        return self.phone.seal(plain, row=row), self.legacy_phone.seal(plain, row=row)

    def fingerprint(self, said: str) -> str:
        """Return what tells two rows about the same unit or person apart."""
        return self._fingerprints.keyed(said.encode())

    def password(self, text: str, account_id: str) -> str:
        """Return the encoded password of the account."""
        try:
            return self.passwords.seal(LegacyHash.parse(text), UUID(account_id))
        except LegacyHashRefused as error:
            raise _Refused(Field.PASSWORD, error.code, "") from None


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


def _copy_lines(lines: Iterable[tuple[Cell, ...]]) -> bytes:
    """Return the lines as COPY takes them: none of our texts holds a tab, a backslash or the end of a line."""
    return "".join(["\t".join(map(_copied, line)) + "\n" for line in lines]).encode()


def _copied(cell: Cell) -> str:
    if cell is None:
        return "\\N"
    return f"\\\\x{cell.hex()}" if isinstance(cell, bytes) else str(cell)
