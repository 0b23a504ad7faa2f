"""Importing a register: in sets, repeatable, bad rows named, nothing written in a dry run."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_django import Settings

from tests.unit.proofing.people import USCC, resident_id
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.config.commands.register import command
from tongban.proofing.errors import RegisterFileError
from tongban.proofing.flows import import_register as flow
from tongban.proofing.flows.import_register import import_register
from tongban.proofing.models import RegisterPerson, RegisterUnit
from tongban.proofing.register_file import open_register
from tongban.vault.purposes import Purpose

pytestmark = pytest.mark.django_db
OPERATOR = Actor.operator("test")
UNITS = "单位名称,统一社会信用代码,单位类型,法定代表人姓名,法定代表人证件类型,法定代表人证件号码"


@pytest.fixture
def persons(tmp_path: Path) -> Path:
    lines = [f"人{'甲乙丙丁戊'[number]},居民身份证,{resident_id(number).number}" for number in range(5)]
    path = tmp_path / "persons.csv"
    path.write_text("姓名,证件类型,证件号码\n" + "\n".join([*lines, "坏人,居民身份证,1"]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def units(tmp_path: Path) -> Path:
    path = tmp_path / "units.csv"
    path.write_text(f"{UNITS}\n示例公司,{USCC},企业,王五,居民身份证,{resident_id(12).number}\n", encoding="gb18030")
    return path


def test_rows_are_inserted_and_imported_again_replaced(persons: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "CHUNK", 2)
    handled: list[int] = []
    first = import_register(actor=OPERATOR, file=open_register(persons), dry_run=False, progress=handled.append)
    assert (first.new, first.replaced, [bad.line for bad in first.bad]) == (5, 0, [7])
    assert handled == [2, 2, 2]
    text = persons.read_text(encoding="utf-8").replace("人甲", "改名")
    persons.write_text(text, encoding="utf-8")
    again = import_register(actor=OPERATOR, file=open_register(persons), dry_run=False)
    assert (again.new, again.replaced) == (0, 5)
    assert sorted(row.name.reveal(Purpose.MATCH) for row in RegisterPerson.objects.all()) == sorted(
        ["改名", "人乙", "人丙", "人丁", "人戊"]
    )


def test_each_chunk_leaves_one_event_without_personal_data(persons: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "CHUNK", 4)
    import_register(actor=OPERATOR, file=open_register(persons), dry_run=False)
    facts = [event.facts for event in Event.objects.filter(name="proofing:register:imported")]
    assert sorted(fact["rows"] for fact in facts) == [1, 4]
    assert all(set(fact) == {"rows", "digest"} for fact in facts)


def test_a_row_that_stands_twice_counts_as_its_last(tmp_path: Path) -> None:
    path = tmp_path / "persons.csv"
    number = resident_id(1).number
    path.write_text(f"姓名,证件类型,证件号码\n先前,居民身份证,{number}\n后来,居民身份证,{number}\n", encoding="utf-8")
    imported = import_register(actor=OPERATOR, file=open_register(path), dry_run=False)
    assert imported.new == 1
    assert RegisterPerson.objects.get().name.reveal(Purpose.MATCH) == "后来"


def test_units_are_replaced_by_their_code(units: Path) -> None:
    assert import_register(actor=OPERATOR, file=open_register(units), dry_run=False).new == 1
    assert import_register(actor=OPERATOR, file=open_register(units), dry_run=False).replaced == 1
    assert RegisterUnit.objects.get().representative_name.reveal(Purpose.MATCH) == "王五"


def test_a_dry_run_counts_and_writes_nothing(persons: Path) -> None:
    counted = import_register(actor=OPERATOR, file=open_register(persons), dry_run=True)
    assert (counted.new, counted.replaced, len(counted.bad)) == (5, 0, 1)
    assert not RegisterPerson.objects.exists()
    assert not Event.objects.filter(name="proofing:register:imported").exists()


def test_answers_are_forced_only_where_rehearsals_are_allowed(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "persons.csv"
    text = f"姓名,证件类型,证件号码,演练应答\n张三,居民身份证,{resident_id(1).number},unavailable\n"
    path.write_text(text, encoding="utf-8")
    import_register(actor=OPERATOR, file=open_register(path), dry_run=False)
    assert RegisterPerson.objects.get().answer == "unavailable"
    settings.REGISTER_REHEARSAL = False
    with pytest.raises(RegisterFileError) as refusal:
        import_register(actor=OPERATOR, file=open_register(path), dry_run=False)
    assert refusal.value.params == {"reason": "rehearsal"}


def test_the_command_names_bad_rows_and_counts(persons: Path) -> None:
    done = CliRunner().invoke(command, ["import", str(persons)])
    assert done.exit_code == 0, done.output
    assert done.stdout == "5 new, 0 replaced, 1 skipped\n"
    assert "line 7: document_number: id_number.length" in done.stderr


def test_the_command_can_try_first(units: Path) -> None:
    done = CliRunner().invoke(command, ["import", "--dry-run", str(units)])
    assert done.stdout == "1 would be new, 0 would be replaced, 0 skipped\n"
    assert not RegisterUnit.objects.exists()


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    path = tmp_path / "persons.csv"
    path.write_text("a,b\n", encoding="utf-8")
    done = CliRunner().invoke(command, ["import", str(path)])
    assert done.exit_code == 1
    assert "the first line names neither" in done.stderr


def test_the_command_shows_a_hundred_bad_rows_at_most(tmp_path: Path) -> None:
    path = tmp_path / "persons.csv"
    path.write_text("姓名,证件类型,证件号码\n" + "坏,居民身份证,1\n" * 103, encoding="utf-8")
    done = CliRunner().invoke(command, ["import", str(path)])
    assert done.stdout == "0 new, 0 replaced, 103 skipped\n"
    assert "… and 3 more" in done.stderr
