"""Which files are understood, and how their records are told apart."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.unit.transfer.files import PERSON_HEADER, UNIT_HEADER, person, unit, write
from tongban.transfer.errors import FileRefused
from tongban.transfer.file_format import Field, LegacyFile, open_file
from tongban.transfer.rules import Kind


def opened(folder: Path, content: bytes, **options: Mapping[str, Field] | Kind | None) -> LegacyFile:
    path = folder / "file.csv"
    path.write_bytes(content)
    return open_file(path, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_are_seen(tmp_path: Path, encoding: str) -> None:
    file = open_file(write(tmp_path, UNIT_HEADER, [unit(1)], encoding=encoding))
    assert file.kind is Kind.UNIT
    assert file.fields == (Field.USCC, Field.UNIT_NAME, Field.CONTACT_NAME, Field.PHONE, Field.PASSWORD)
    (block,) = file.blocks()
    assert "示例" in block.records[0].decode(file.encoding)
    assert len(file.digest) == 64


@pytest.mark.parametrize(
    ("header", "kind", "fields"),
    [
        ("手机号,密码", Kind.PERSON, "phone password"),
        ("Mobile_Number;Password-Hash", Kind.PERSON, "phone password"),
        ("用户名\t登录密码", Kind.PERSON, "phone password"),
        ("USER NAME,password,note", Kind.PERSON, "phone password -"),
        ("登录名,企业名称,联系人手机,密码哈希", Kind.UNIT, "uscc unit_name phone password"),
        ("用户名,统一社会信用代码,企业名称,手机,口令", Kind.UNIT, "- uscc unit_name phone password"),
        (
            "ＵＳＣＣ,company name,phone,pwd,unit_type,Contact",
            Kind.UNIT,
            "uscc unit_name phone password unit_type contact_name",
        ),
    ],
)
def test_headers_are_recognised(tmp_path: Path, header: str, kind: Kind, fields: str) -> None:
    file = opened(tmp_path, f"{header}\n".encode())
    assert file.kind is kind
    assert " ".join(field or "-" for field in file.fields) == fields


def test_columns_can_be_named(tmp_path: Path) -> None:
    content = "帐户,电话,MM,密码\n".encode()
    columns = {"帐户": Field.PHONE, "mm": Field.PASSWORD}
    with pytest.raises(FileRefused, match="column_twice"):
        opened(tmp_path, content, columns=columns)
    file = opened(tmp_path, "帐户,电话,MM\n".encode(), columns=columns)
    assert file.fields == (Field.PHONE, None, Field.PASSWORD)
    with pytest.raises(FileRefused, match="column_unknown"):
        opened(tmp_path, content, columns={"no such": Field.PHONE})


def test_the_kind_can_be_said(tmp_path: Path) -> None:
    content = "手机号,密码,单位名称\n".encode()
    assert opened(tmp_path, content, kind=Kind.PERSON).fields == (Field.PHONE, Field.PASSWORD, None)
    with pytest.raises(FileRefused, match="uscc"):
        opened(tmp_path, content)


@pytest.mark.parametrize(("content", "reason"), [(b"", "missing"), (b"\xff\xff\n", "encoding"), (b"a,b\n", "missing")])
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        opened(tmp_path, content)


def test_records_are_told_apart(tmp_path: Path) -> None:
    lines = [
        b"13000000001,a\r\n",
        b"\r\n",
        b'13000000002,"b\r\nb"\r\n',  # a line break inside quotes
        b'13000000003,"c""c"\r\n',
        b'13000000004,"never closed\r\n',
        *(b"13000000100,d\r\n" for _line in range(30)),
        b"13000000005,e",
    ]
    file = opened(tmp_path, b"phone,password\r\n" + b"".join(lines))
    found = [record for block in file.blocks(size=3) for record in block.records]
    assert found == lines
    assert [block.first_row for block in file.blocks(size=10)] == [1, 11, 21, 31]
    *_others, last = file.blocks(size=10)
    assert last.end == file.size


def test_reading_goes_on_where_it_stopped(tmp_path: Path) -> None:
    file = open_file(write(tmp_path, PERSON_HEADER, [person(number) for number in range(10)]))
    whole = list(file.blocks(size=3))
    assert list(file.blocks(after=whole[1].end, last_row=6, size=3)) == whole[2:]
