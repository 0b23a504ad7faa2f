"""Reading a register from a file of an operator: CSV with a header, UTF-8 or GB18030, persons or units.

Persons have the columns 姓名, 证件类型, 证件号码, and 国籍 for passports; units 单位名称, 统一社会信用代码, 单位类型,
法定代表人姓名, 法定代表人证件类型, 法定代表人证件号码. The English names of the columns (`Column`) do as well, any
further column is ignored. Kinds, types and countries are written as people see them (居民身份证) or as they are stored
(resident_id). 演练应答 forces an answer in rehearsals.
"""

import codecs
import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import IO, TypeVar

from tongban.design.labels import DOCUMENT_KINDS, UNIT_TYPES, Text
from tongban.kernel import normalise
from tongban.kernel.documents import Document, DocumentKind, parse_document
from tongban.kernel.errors import Invalid
from tongban.kernel.names import PersonName, UnitName
from tongban.kernel.uscc import UnitType, Uscc
from tongban.proofing.errors import RegisterFileError
from tongban.proofing.nationalities import NATIONALITIES
from tongban.proofing.rules import Answer

E = TypeVar("E", bound=StrEnum)


class Column(StrEnum):
    """Columns by their English names."""

    NAME = "name"
    NATIONALITY = "nationality"
    DOCUMENT_KIND = "document_kind"
    DOCUMENT_NUMBER = "document_number"
    UNIT_NAME = "unit_name"
    USCC = "uscc"
    UNIT_TYPE = "unit_type"
    REPRESENTATIVE_NAME = "representative_name"
    REPRESENTATIVE_DOCUMENT_KIND = "representative_document_kind"
    REPRESENTATIVE_DOCUMENT_NUMBER = "representative_document_number"
    ANSWER = "answer"


_HEADERS = {
    "姓名": Column.NAME,
    "国籍": Column.NATIONALITY,
    "证件类型": Column.DOCUMENT_KIND,
    "证件号码": Column.DOCUMENT_NUMBER,
    "单位名称": Column.UNIT_NAME,
    "统一社会信用代码": Column.USCC,
    "单位类型": Column.UNIT_TYPE,
    "法定代表人姓名": Column.REPRESENTATIVE_NAME,
    "法定代表人证件类型": Column.REPRESENTATIVE_DOCUMENT_KIND,
    "法定代表人证件号码": Column.REPRESENTATIVE_DOCUMENT_NUMBER,
    "演练应答": Column.ANSWER,
} | {column.value: column for column in Column}

PERSON_COLUMNS = frozenset({Column.NAME, Column.DOCUMENT_KIND, Column.DOCUMENT_NUMBER})
UNIT_COLUMNS = frozenset(set(Column) - PERSON_COLUMNS - {Column.NATIONALITY, Column.ANSWER})


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the file states them."""

    name: PersonName
    document: Document
    answer: Answer


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as the file states it."""

    name: UnitName
    uscc: Uscc
    unit_type: UnitType
    representative_name: PersonName
    representative_document: Document
    answer: Answer


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that was not imported: its number in the file, the column and the code of the slip; no value of it."""

    line: int
    column: Column
    code: str


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """A file whose header was understood; `lines` counts its lines, for a progress bar."""

    path: Path
    encoding: str
    columns: tuple[Column | None, ...]
    lines: int

    @property
    def holds_units(self) -> bool:
        """Whether its rows are units; persons otherwise."""
        return set(self.columns) >= UNIT_COLUMNS

    @property
    def is_rehearsal(self) -> bool:
        """Whether it forces answers."""
        return Column.ANSWER in self.columns

    def rows(self) -> Iterator[PersonRow | UnitRow | BadRow]:
        """Yield every row that is not blank, in the order of the file."""
        parse = _unit if self.holds_units else _person
        with self.path.open(encoding=self.encoding, newline="") as lines:
            reader = csv.reader(lines)
            next(reader)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield _parsed(parse, self._by_column(cells), reader.line_num)

    def _by_column(self, cells: list[str]) -> dict[Column, str]:
        found = {column: cell for column, cell in zip(self.columns, cells, strict=False) if column is not None}
        return {column: found.get(column, "") for column in Column}


def open_register(path: Path) -> RegisterFile:
    """Return the file at `path`; raises `RegisterFileError` when nothing of it can be imported."""
    encoding, lines = _measure(path)
    with path.open(encoding=encoding, newline="") as text:
        header = next(csv.reader(text), [])
    columns = tuple(_HEADERS.get(normalise.text(cell)) for cell in header)
    if not (set(columns) >= PERSON_COLUMNS) and not (set(columns) >= UNIT_COLUMNS):
        raise RegisterFileError(reason="header")
    return RegisterFile(path=path, encoding=encoding, columns=columns, lines=lines)


def _measure(path: Path) -> tuple[str, int]:
    """Return the encoding and the number of lines; the whole file is read, because one stray byte decides."""
    for encoding in ("utf-8-sig", "gb18030"):
        with path.open("rb") as file:
            lines = _lines(file, encoding)
        if lines is not None:
            return encoding, lines
    raise RegisterFileError(reason="encoding")


def _lines(file: IO[bytes], encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    try:
        while block := file.read(1 << 20):
            lines += decoder.decode(block).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return lines


class _Cell(Exception):
    """A cell cannot be understood."""

    def __init__(self, column: Column, code: str) -> None:
        super().__init__(code)
        self.column = column
        self.code = code


def _parsed(
    parse: Callable[[Mapping[Column, str]], PersonRow | UnitRow], cells: Mapping[Column, str], line: int
) -> PersonRow | UnitRow | BadRow:
    try:
        return parse(cells)
    except _Cell as slip:
        return BadRow(line=line, column=slip.column, code=slip.code)


def _person(cells: Mapping[Column, str]) -> PersonRow:
    document = _document(cells, Column.DOCUMENT_KIND, Column.DOCUMENT_NUMBER)
    return PersonRow(
        name=_value(cells, Column.NAME, PersonName.parse),
        document=replace(document, country=_country(cells)) if document.kind is DocumentKind.PASSPORT else document,
        answer=_answer(cells),
    )


def _country(cells: Mapping[Column, str]) -> str:
    text = normalise.text(cells[Column.NATIONALITY])
    for code, name in NATIONALITIES.items():
        if text in {code, str(name)}:
            return code
    raise _Cell(Column.NATIONALITY, "register_file.unknown_choice")


def _unit(cells: Mapping[Column, str]) -> UnitRow:
    return UnitRow(
        name=_value(cells, Column.UNIT_NAME, UnitName.parse),
        uscc=_value(cells, Column.USCC, Uscc.parse),
        unit_type=_choice(cells, Column.UNIT_TYPE, UnitType, UNIT_TYPES),
        representative_name=_value(cells, Column.REPRESENTATIVE_NAME, PersonName.parse),
        representative_document=_document(
            cells, Column.REPRESENTATIVE_DOCUMENT_KIND, Column.REPRESENTATIVE_DOCUMENT_NUMBER
        ),
        answer=_answer(cells),
    )


T = TypeVar("T")


def _value(cells: Mapping[Column, str], column: Column, parse: Callable[[str], T]) -> T:
    try:
        return parse(cells[column])
    except Invalid as error:
        raise _Cell(column, error.code) from None


def _document(cells: Mapping[Column, str], kind_column: Column, number_column: Column) -> Document:
    kind = _choice(cells, kind_column, DocumentKind, DOCUMENT_KINDS)
    return _value(cells, number_column, lambda number: parse_document(kind, number))


def _choice(cells: Mapping[Column, str], column: Column, kinds: type[E], labels: Mapping[E, Text]) -> E:
    text = normalise.text(cells[column])
    for kind in kinds:
        if text in {kind.value, str(labels[kind])}:
            return kind
    raise _Cell(column, "register_file.unknown_choice")


def _answer(cells: Mapping[Column, str]) -> Answer:
    text = normalise.text(cells[Column.ANSWER])
    try:
        return Answer(text) if text else Answer.MATCH
    except ValueError:
        raise _Cell(Column.ANSWER, "register_file.unknown_choice") from None
