"""Rows as a database takes them in bulk: PostgreSQL's COPY in its binary form, or tuples for SQLite.

Columns come in, each a list of values in the same order, and whole rows come out; a value that is the same in every row
is written down once. Of the rows some may be taken afterwards without touching the others.
"""

import struct
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate, repeat
from typing import Protocol
from uuid import UUID

Value = str | bytes | int | UUID | datetime | None
"""What stands in a column: text, bytes, an integer of four bytes, a name of a row, a moment."""

# https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format": a signature, flags and the length of an
# extension nobody uses; then rows, each with the number of its fields, each field with its length; then a trailer.
_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # moments are microseconds since then
_MICROSECOND = 1_000_000


class _Lengths(dict[int, bytes]):
    """Lengths as they are written, worked out once."""

    def __missing__(self, length: int) -> bytes:
        return self.setdefault(length, length.to_bytes(4, "big"))


_LENGTHS = _Lengths()


@dataclass(frozen=True, slots=True)
class Table:
    """Where rows go: a table, and those of its columns that are written."""

    name: str
    columns: tuple[str, ...]


class Lines(Protocol):
    """Rows of one table, in order."""

    def __len__(self) -> int:
        """Return how many there are."""

    def only(self, places: Collection[int]) -> "Lines":
        """Return the rows at these places, in order."""

    def without(self, places: Collection[int]) -> "Lines":
        """Return the rows at all other places, in order."""


@dataclass(frozen=True, slots=True)
class CopyLines:
    """Rows for COPY. `ends` says where in `data` each one ends."""

    data: bytes
    ends: "array[int]"

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.ends)

    def stream(self) -> bytes:
        """Return everything COPY wants to read."""
        return _SIGNATURE + self.data + _TRAILER

    def only(self, places: Collection[int]) -> "CopyLines":
        """Return the rows at these places, in order."""
        return _copy_lines([self._row(place) for place in sorted(places)])

    def without(self, places: Collection[int]) -> "CopyLines":
        """Return the rows at all other places, in order."""
        if not places:
            return self
        return _copy_lines([self._row(place) for place in range(len(self)) if place not in places])

    def _row(self, place: int) -> bytes:
        return self.data[self.ends[place - 1] if place else 0 : self.ends[place]]


@dataclass(frozen=True, slots=True)
class Tuples:
    """Rows for `executemany`."""

    rows: list[tuple[object, ...]]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    def only(self, places: Collection[int]) -> "Tuples":
        """Return the rows at these places, in order."""
        return Tuples([self.rows[place] for place in sorted(places)])

    def without(self, places: Collection[int]) -> "Tuples":
        """Return the rows at all other places, in order."""
        if not places:
            return self
        return Tuples([row for place, row in enumerate(self.rows) if place not in places])


class Writer(Protocol):
    """Makes columns, and rows of columns, for one database."""

    def ids(self, texts: Sequence[str]) -> list[object]:
        """Return a column of names of rows (UUIDs with dashes)."""

    def texts(self, values: Iterable[str]) -> list[object]:
        """Return a column of texts."""

    def ascii(self, values: Iterable[bytes]) -> list[object]:
        """Return a column of texts that come as ASCII."""

    def binaries(self, values: Iterable[bytes | None]) -> list[object]:
        """Return a column of bytes."""

    def integers(self, values: Iterable[int]) -> list[object]:
        """Return a column of integers."""

    def lines(self, *columns: Value | list[object]) -> Lines:
        """Return the rows of these columns; a value stands for a column that says the same in every row."""


class CopyWriter:
    """For PostgreSQL: every field has its length before it."""

    def ids(self, texts: Sequence[str]) -> list[object]:
        """Return a column of names of rows."""
        every = bytes.fromhex("".join(texts).replace("-", ""))
        return [_LENGTHS[16] + every[at : at + 16] for at in range(0, len(every), 16)]

    def texts(self, values: Iterable[str]) -> list[object]:
        """Return a column of texts."""
        return self.ascii(map(str.encode, values))

    def ascii(self, values: Iterable[bytes]) -> list[object]:
        """Return a column of texts that come encoded."""
        lengths = _LENGTHS
        return [lengths[len(value)] + value for value in values]

    def binaries(self, values: Iterable[bytes | None]) -> list[object]:
        """Return a column of bytes."""
        lengths = _LENGTHS
        return [_NULL if value is None else lengths[len(value)] + value for value in values]

    def integers(self, values: Iterable[int]) -> list[object]:
        """Return a column of integers."""
        pack = struct.Struct(">ii").pack
        return [pack(4, value) for value in values]

    def lines(self, *columns: Value | list[object]) -> CopyLines:
        """Return the rows of these columns."""
        same = [column if isinstance(column, list) else _field(column).replace(b"%", b"%%") for column in columns]
        form = struct.pack(">h", len(columns)) + b"".join(b"%b" if isinstance(one, list) else one for one in same)
        cells = zip(*(column for column in columns if isinstance(column, list)), strict=True)
        return _copy_lines([form % row for row in cells])


class TupleWriter:
    """For SQLite, which keeps names of rows as digits and moments as texts, as Django does."""

    def ids(self, texts: Sequence[str]) -> list[object]:
        """Return a column of names of rows."""
        return [text.replace("-", "") for text in texts]

    def texts(self, values: Iterable[str]) -> list[object]:
        """Return a column of texts."""
        return list(values)

    def ascii(self, values: Iterable[bytes]) -> list[object]:
        """Return a column of texts that come as ASCII."""
        return [value.decode() for value in values]

    def binaries(self, values: Iterable[bytes | None]) -> list[object]:
        """Return a column of bytes."""
        return list(values)

    def integers(self, values: Iterable[int]) -> list[object]:
        """Return a column of integers."""
        return list(values)

    def lines(self, *columns: Value | list[object]) -> Tuples:
        """Return the rows of these columns."""
        cells = [column if isinstance(column, list) else repeat(_as_text(column)) for column in columns]
        count = max(len(column) for column in columns if isinstance(column, list))
        return Tuples([row for _number, row in zip(range(count), zip(*cells, strict=False), strict=False)])


def _copy_lines(rows: list[bytes]) -> CopyLines:
    return CopyLines(b"".join(rows), array("L", accumulate(map(len, rows))))


def _field(value: Value) -> bytes:
    """Return a value as a field of a row for COPY."""
    if value is None:
        return _NULL
    if isinstance(value, datetime):
        since = value - _EPOCH
        return struct.pack(">iq", 8, (since.days * 86_400 + since.seconds) * _MICROSECOND + since.microseconds)
    if isinstance(value, int):
        return struct.pack(">ii", 4, value)
    raw = value.bytes if isinstance(value, UUID) else value.encode() if isinstance(value, str) else value
    return _LENGTHS[len(raw)] + raw


def _as_text(value: Value) -> object:
    """Return a value as SQLite keeps it."""
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value.hex if isinstance(value, UUID) else value


WRITERS: dict[str, Callable[[], Writer]] = {"postgresql": CopyWriter, "sqlite": TupleWriter}
"""By the name of the database."""
