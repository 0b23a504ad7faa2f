"""Rows for COPY say what tuples say, and some of them can be taken."""

import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from tongban.kernel.ids import new_id_texts
from tongban.transfer.bulk import CopyLines, CopyWriter, Lines, Tuples, TupleWriter, Writer

MOMENT = datetime(2026, 11, 29, 8, 30, 0, 123456, tzinfo=UTC)
IDS = new_id_texts(4)


def lines(write: Writer) -> Lines:
    return write.lines(
        write.ids(IDS),
        "100 %",
        write.texts(["甲", "", "丙%s", "丁"]),
        UUID(int=5),
        write.ascii([b"a", b"b", b"c", b"d"]),
        MOMENT,
        write.binaries([b"\x00\xff", None, b"", b"%b"]),
        None,
        write.integers([1, 2, 3, 2**31 - 1]),
        7,
    )


def fields(data: bytes) -> list[bytes | None]:
    """Return the fields of one row for COPY, as PostgreSQL's manual describes them."""
    (count,), at, found = struct.unpack_from(">h", data), 2, list[bytes | None]()
    for _number in range(count):
        (length,) = struct.unpack_from(">i", data, at)
        at += 4
        found.append(None if length < 0 else data[at : at + length])
        at += max(length, 0)
    assert at == len(data)
    return found


def test_both_say_the_same() -> None:
    copied, tuples = lines(CopyWriter()), lines(TupleWriter())
    assert isinstance(copied, CopyLines)
    assert isinstance(tuples, Tuples)
    assert len(copied) == len(tuples) == 4
    micros = (MOMENT - datetime(2000, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    for place, (own, same, text, key, plain, moment, raw, nothing, number, seven) in enumerate(tuples.rows):
        assert [one.hex() if one is not None else None for one in fields(copied.only([place]).data)] == [
            own,
            str(same).encode().hex(),
            str(text).encode().hex(),
            key,
            str(plain).encode().hex(),
            struct.pack(">q", micros).hex(),
            raw.hex() if isinstance(raw, bytes) else None,
            nothing,
            struct.pack(">i", number).hex(),
            struct.pack(">i", seven).hex(),
        ]
        assert moment == "2026-11-29 08:30:00.123456"
    assert [row[0] for row in tuples.rows] == [UUID(text).hex for text in IDS]
    assert [row[6] for row in tuples.rows] == [b"\x00\xff", None, b"", b"%b"]


@pytest.mark.parametrize("write", [CopyWriter(), TupleWriter()])
def test_some_are_taken(write: Writer) -> None:
    every = lines(write)
    assert every.without(()) is every
    assert every.without({0, 2}) == every.only([3, 1])
    assert len(every.without({0, 1, 2, 3})) == 0
    nothing = write.lines(write.ids([]), "same")
    assert len(nothing) == len(nothing.only(())) == 0


def test_moments_are_as_django_writes_them() -> None:
    if connection.vendor == "sqlite":
        for moment in (MOMENT, MOMENT.replace(microsecond=0), MOMENT.astimezone(tz=None)):
            (row,) = (write := TupleWriter()).lines(write.integers([1]), moment).rows
            assert row[1] == connection.ops.adapt_datetimefield_value(moment)


def test_long_texts_are_written_too() -> None:
    write = CopyWriter()
    long = "字" * 2000
    assert fields(write.lines(write.texts([long]), long).data) == [long.encode()] * 2
