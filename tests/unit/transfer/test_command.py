"""`tongban transfer`, as operators type it."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.journeys.people import somebody
from tests.unit.transfer.files import PERSON_HEADER, code, person, persons, phone, unit, units, write
from tests.unit.transfer.other_process import holding_the_lock
from tongban.accounts.models import Account
from tongban.config.commands import transfer
from tongban.kernel import clock
from tongban.transfer.models import Batch

pytestmark = pytest.mark.django_db(transaction=True)


def run(*words: object, typed: str = "") -> Result:
    return CliRunner().invoke(transfer.command, [str(word) for word in words], input=typed)


def said(*words: object, code: int = 0) -> str:
    result = run(*words)
    assert result.exit_code == code, result.output
    return result.output


def test_a_file_is_rehearsed_imported_reported_and_taken_back(tmp_path: Path) -> None:
    somebody(phone(1), phone(900))
    rows: Sequence[Sequence[str]] = [person(1), person(2), person(3, phone="12")]
    path = persons(tmp_path, rows)
    rehearsed = said("import", path, "--dry-run")
    assert "Nothing was written" in rehearsed
    assert f"e.g. row 1: P3 登录名被别的账号使用 → HJ_{phone(1)}" not in rehearsed, "numbers of persons are masked"
    assert "e.g. row 1: P3 登录名被别的账号使用 → HJ_130****0001" in rehearsed
    assert "row 3: phone: mobile.length" in rehearsed
    assert not Batch.objects.exists()
    done = said("import", path)
    batch = Batch.objects.get()
    assert f"batch {batch.id}: finished" in done
    assert "1  P1  个人沿用原登录名和密码" in done
    assert "row 3: phone: mobile.length: 不是11位 (**)" in done
    assert "persons.csv" in said("list")
    assert said("report", str(batch.id)[:13]) == done.lstrip()
    report = tmp_path / "report.csv"
    assert "3 rows" in said("report", batch.id, "--csv", report)
    with report.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["row", "key", "outcome", "reason", "login_name", "column"],
            ["1", "", "P3", "name_held", "HJ_130****0001", ""],
            ["2", "", "P1", "name_free", "130****0002", ""],
            ["3", "**", "", "mobile.length", "", "phone"],
        ]
    assert run("undo", batch.id, typed="n\n").exit_code == 1
    assert "is undone" in said("undo", batch.id, "--yes")
    assert "undone already" in said("undo", batch.id, "--yes", code=1)
    assert Account.objects.count() == 1
    assert "undone" in said("list")


def test_long_lists_are_cut_and_a_stopped_import_is_told(tmp_path: Path) -> None:
    path = persons(tmp_path, [person(number, phone="12") for number in range(30)])
    assert "… and 10 more" in said("import", path, "--dry-run", "--processes", 1)
    assert "… and 10 more: tongban transfer report" in said("import", path)
    Batch.objects.update(finished_at=None)
    assert "stopped after row 30" in said("list")


def test_columns_are_told_on_the_line_or_in_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, ("A", "B"), [person(1)])
    assert "no column for password, phone" in said("import", path, code=1)
    mapping = tmp_path / "columns.txt"
    mapping.write_text("# the export of 2024\n\nA=phone\n", encoding="utf-8")
    assert "P1" in said("import", path, "--mapping", mapping, "--map", "B=password")
    assert "not TITLE=FIELD" in said("import", path, "--map", "B=secret", code=2)
    assert "there is no column z" in said("import", path, "--map", "Z=phone", code=1)


def test_refusals_are_sentences(tmp_path: Path) -> None:
    path = units(tmp_path, [unit(1)])
    said("import", path, "--kind", "unit")
    batch = Batch.objects.get()
    Account.objects.filter(login_name=code(1)).update(last_used_on=clock.now().date())
    assert "somebody has used" in said("undo", batch.id, "--yes", code=1)
    assert "0 batches begin with" in said("report", "ffff", code=1)
    assert "0 batches begin with" in said("report", "", code=1)
    noise = tmp_path / "noise.csv"
    noise.write_bytes(b"\xff\xff")
    assert "neither UTF-8 nor GB18030" in said("import", noise, code=1)
    twice = write(tmp_path, (*PERSON_HEADER, "手机"), [])
    assert "more than one column for phone" in said("import", twice, code=1)


def test_only_one_works_at_a_time(tmp_path: Path) -> None:
    path = units(tmp_path, [unit(1)])
    said("import", path)
    batch = Batch.objects.get()
    later = units(tmp_path, [unit(2)], name="later.csv")
    with holding_the_lock():
        assert "another import" in said("import", later, code=1)
        assert "an import is at work" in said("undo", batch.id, "--yes", code=1)
    assert "finished" in said("import", later)
