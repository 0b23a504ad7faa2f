"""A file of legacy accounts: its encoding, what its columns mean, and its records in blocks.

Operators read about it in `docs/transfer.md`. A comma, a quote or the end of a line is one byte in UTF-8 and in GB18030
and never part of another character, so records can be told apart before anything is decoded.
"""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import IO

from tongban.kernel import normalise
from tongban.transfer.errors import FileRefused
from tongban.transfer.rules import Kind

BLOCK = 10_000
"""Records of one block: a transaction each. The more, the more neighbours in an index are written together; the longer,
too, a verification that wants to be written has to wait."""
_LONGEST_RECORD = 20  # lines; a quote that is open for longer was never meant to be one
_PIECE = 1 << 20
_DELIMITERS = (",", "\t", ";")


class Field(StrEnum):
    """What a column can hold."""

    USCC = "uscc"
    UNIT_NAME = "unit_name"
    UNIT_TYPE = "unit_type"
    CONTACT_NAME = "contact_name"
    PHONE = "phone"
    PASSWORD = "password"  # noqa: S105 - the name of a column


FIELDS: Mapping[Kind, tuple[Field, ...]] = {Kind.UNIT: tuple(Field), Kind.PERSON: (Field.PHONE, Field.PASSWORD)}
REQUIRED: Mapping[Kind, frozenset[Field]] = {
    Kind.UNIT: frozenset({Field.USCC, Field.UNIT_NAME, Field.PHONE, Field.PASSWORD}),
    Kind.PERSON: frozenset({Field.PHONE, Field.PASSWORD}),
}
HEADERS: Mapping[Field, tuple[str, ...]] = {
    Field.USCC: (
        "统一社会信用代码", "社会信用代码", "信用代码", "单位代码",
        "uscc", "credit code", "social credit code", "unified social credit code", "unit code",
    ),
    Field.UNIT_NAME: (
        "单位名称", "企业名称", "公司名称", "机构名称",
        "unit name", "company name", "enterprise name", "organization name", "organisation name",
    ),
    Field.UNIT_TYPE: ("单位类型", "企业类型", "单位性质", "unit type", "company type", "organization type"),
    Field.CONTACT_NAME: ("联系人", "联系人姓名", "经办人", "经办人姓名", "contact", "contact name", "contact person"),
    Field.PHONE: (
        "手机", "手机号", "手机号码", "联系手机", "联系人手机", "联系人手机号", "联系人手机号码", "预留手机号",
        "phone", "mobile", "phone number", "mobile number", "mobile phone", "cellphone", "contact phone",
    ),
    Field.PASSWORD: (
        "密码", "口令", "登录密码", "密码哈希", "密码散列", "密码摘要", "密码密文",
        "password", "password hash", "hash", "hashed password", "pwd",
    ),
}  # fmt: skip
"""Titles by which columns are recognised, in any case, with blanks, dashes and underscores alike."""
_LOGIN_NAMES = ("登录名", "用户名", "账号", "帐号", "login", "login name", "user name", "username", "account")


@dataclass(frozen=True, slots=True)
class Block:
    """Records in a row: the number of the first (1 is the one after the header), and where in the file they end."""

    first_row: int
    records: list[bytes]
    end: int


@dataclass(frozen=True, slots=True)
class LegacyFile:
    """A file whose header was understood. `fields` stands in the order of the columns; `digest` is its SHA-256."""

    path: Path
    kind: Kind
    encoding: str
    delimiter: str
    fields: tuple[Field | None, ...]
    start: int
    size: int
    digest: str

    def blocks(self, *, after: int = 0, last_row: int = 0, size: int = BLOCK) -> Iterator[Block]:
        """Yield the records from the byte `after` on, whose first is the one after `last_row`."""
        with self.path.open("rb") as file:
            file.seek(max(self.start, after))
            end, row = file.tell(), last_row + 1
            records = _records(file)
            while found := list(islice(records, size)):
                end += sum(map(len, found))
                yield Block(row, found, end)
                row += len(found)


def open_file(path: Path, *, kind: Kind | None = None, columns: Mapping[str, Field] | None = None) -> LegacyFile:
    """Return the file at `path`; raises `FileRefused` when nothing of it can be imported.

    `columns` says what columns mean, by their titles; the others are recognised. The kind is seen from the columns.
    """
    encoding, digest = _measure(path)
    with path.open("rb") as file:
        line = b"".join(islice(_records(file), 1))
    header = line.decode(encoding).removeprefix("\ufeff")
    delimiter = max(_DELIMITERS, key=header.count)
    titles = next(csv.reader(io.StringIO(header, newline=""), delimiter=delimiter), [])
    told = {_plain(title): field for title, field in (columns or {}).items()}
    if unknown := sorted(set(told) - {_plain(title) for title in titles}):
        raise FileRefused(reason="column_unknown", columns=", ".join(unknown))
    fields, kind = _fields([_plain(title) for title in titles], told, kind)
    return LegacyFile(path, kind, encoding, delimiter, fields, len(line), path.stat().st_size, digest)


def _fields(
    titles: Sequence[str], told: Mapping[str, Field], kind: Kind | None
) -> tuple[tuple[Field | None, ...], Kind]:
    known = {_plain(title): field for field, titles_of in HEADERS.items() for title in titles_of}
    known.update(told)
    found = [known.get(title) for title in titles]
    if kind is None:
        kind = Kind.UNIT if {Field.USCC, Field.UNIT_NAME} & set(found) else Kind.PERSON
    key = Field.USCC if kind is Kind.UNIT else Field.PHONE
    if key not in found:  # a login name of the legacy platform is the unit's code or the person's phone
        found = [
            key if title in _LOGIN_NAMES and title not in told else f for title, f in zip(titles, found, strict=True)
        ]
    fields = tuple(field if field in FIELDS[kind] else None for field in found)
    if twice := sorted({field.value for field in fields if field and fields.count(field) > 1}):
        raise FileRefused(reason="column_twice", columns=", ".join(twice))
    if missing := sorted(REQUIRED[kind] - set(fields)):
        raise FileRefused(reason="column_missing", columns=", ".join(missing))
    return fields, kind


def _plain(title: str) -> str:
    return " ".join(normalise.text(title).casefold().replace("_", " ").replace("-", " ").split())


def _measure(path: Path) -> tuple[str, str]:
    """Return encoding and digest; the whole file is read, because one stray byte decides."""
    for encoding in ("utf-8", "gb18030"):
        with path.open("rb") as file:
            digest = _digest(file, encoding)
        if digest is not None:
            return encoding, digest
    raise FileRefused(reason="encoding")


def _digest(file: IO[bytes], encoding: str) -> str | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    digest = hashlib.sha256()
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
            digest.update(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return digest.hexdigest()


def _records(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield record by record. A line with an odd number of quotes goes on in the next ones, up to a sensible length."""
    waiting: list[bytes] = []
    remaining = iter(lines)
    while line := waiting.pop(0) if waiting else next(remaining, b""):
        if line.count(b'"') % 2 == 0:
            yield line
            continue
        waiting += islice(remaining, max(0, _LONGEST_RECORD - len(waiting)))
        closing = next((n for n, more in enumerate(waiting, start=1) if more.count(b'"') % 2), 0)
        yield line + b"".join(waiting[:closing])
        del waiting[:closing]
