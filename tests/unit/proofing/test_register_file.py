"""Files of a register: encodings, headers, and slips named without their values."""

from pathlib import Path

import pytest

from tests.unit.proofing.people import USCC, resident_id
from tongban.kernel.documents import DocumentKind
from tongban.kernel.uscc import UnitType
from tongban.proofing.errors import RegisterFileError
from tongban.proofing.register_file import BadRow, Column, PersonRow, UnitRow, open_register
from tongban.proofing.rules import Answer

ONE, TWO = resident_id(1).number, resident_id(2).number


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "register.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_persons_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    file = open_register(write(tmp_path, f"姓名,证件类型,证件号码\r\n张三,居民身份证,{ONE}\r\n", encoding))
    (row,) = file.rows()
    assert isinstance(row, PersonRow)
    assert (row.name.value, row.document.number, row.answer) == ("张三", ONE, Answer.MATCH)
    assert not file.holds_units
    assert not file.is_rehearsal
    assert file.lines == 2


def test_a_character_beyond_the_first_plane_survives_gb18030(tmp_path: Path) -> None:
    (row,) = open_register(write(tmp_path, f"姓名,证件类型,证件号码\n王𠮷,居民身份证,{ONE}\n", "gb18030")).rows()
    assert isinstance(row, PersonRow)
    assert row.name.value == "王𠮷"


def test_units_with_english_columns_in_any_order_and_a_column_nobody_asked_for(tmp_path: Path) -> None:
    header = "remark,uscc,unit_name,unit_type,representative_document_kind,representative_document_number"
    text = f"{header},representative_name,answer\nx,{USCC},示例公司,enterprise,resident_id,{TWO},王五,unavailable\n"
    file = open_register(write(tmp_path, text))
    (row,) = file.rows()
    assert isinstance(row, UnitRow)
    assert (row.uscc.value, row.unit_type, row.answer) == (USCC, UnitType.ENTERPRISE, Answer.UNAVAILABLE)
    assert (row.representative_name.value, row.representative_document.number) == ("王五", TWO)
    assert file.holds_units
    assert file.is_rehearsal


def test_units_as_people_write_them(tmp_path: Path) -> None:
    header = "单位名称,统一社会信用代码,单位类型,法定代表人姓名,法定代表人证件类型,法定代表人证件号码"
    text = f'{header}\n"示例（北京）公司",{USCC.lower()},事业单位,王五,居民身份证,{TWO}\n'
    (row,) = open_register(write(tmp_path, text)).rows()
    assert isinstance(row, UnitRow)
    assert row.name.value == "示例（北京）公司"
    assert row.unit_type is UnitType.PUBLIC_INSTITUTION
    assert row.representative_document.kind is DocumentKind.RESIDENT_ID


@pytest.mark.parametrize("country", ["英国", "GBR"])
def test_a_passport_is_its_countrys(tmp_path: Path, country: str) -> None:
    text = f"姓名,证件类型,证件号码,国籍\nJOHN SMITH,护照,X1234567,{country}\nJOHN SMITH,护照,X1234567,\n"
    good, bad = open_register(write(tmp_path, text)).rows()
    assert isinstance(good, PersonRow)
    assert good.document.identity == "passport:GBR:X1234567"
    assert bad == BadRow(line=3, column=Column.NATIONALITY, code="register_file.unknown_choice")


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (f",居民身份证,{ONE},", Column.NAME, "person_name.empty"),
        (f"张三,军官证,{ONE},", Column.DOCUMENT_KIND, "register_file.unknown_choice"),
        (f"张三,居民身份证,{ONE[:-1]},", Column.DOCUMENT_NUMBER, "id_number.length"),
        (f"张三,居民身份证,{ONE},maybe", Column.ANSWER, "register_file.unknown_choice"),
        ("张三", Column.DOCUMENT_KIND, "register_file.unknown_choice"),
    ],
)
def test_a_slip_is_named_by_line_column_and_code(tmp_path: Path, line: str, column: Column, code: str) -> None:
    text = f"姓名,证件类型,证件号码,演练应答\n\n张三,居民身份证,{TWO},\n{line}\n"
    good, bad = open_register(write(tmp_path, text)).rows()
    assert isinstance(good, PersonRow)
    assert bad == BadRow(line=4, column=column, code=code)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes("姓名,证件类型,证件号码\n".encode() + b"\xff\xff\xff\n")
    with pytest.raises(RegisterFileError) as refusal:
        open_register(path)
    assert refusal.value.params == {"reason": "encoding"}


@pytest.mark.parametrize("header", ["", "姓名,证件号码", "单位名称,统一社会信用代码"])
def test_a_header_that_names_neither_persons_nor_units_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(RegisterFileError) as refusal:
        open_register(write(tmp_path, f"{header}\n"))
    assert refusal.value.params == {"reason": "header"}
