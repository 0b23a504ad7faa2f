"""Operators and auditors read what became of imported files."""

import csv
import io
from pathlib import Path

import pytest

from tests.journeys.people import somebody
from tests.journeys.staff import log_in_staff, member
from tests.journeys.visitor import Visitor
from tests.unit.transfer.files import ME, imported, person, persons, phone, unit, units
from tongban.accounts.rules import Role
from tongban.transfer.flows.undo_import import undo_import
from tongban.transfer.models import Batch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[Role.OPERATOR, Role.AUDITOR])
def reader(request: pytest.FixtureRequest) -> Visitor:
    """Whoever may read reports, at the desk."""
    visitor = Visitor()
    log_in_staff(visitor, member("reader", request.param))
    return visitor


def test_there_is_nothing_yet(reader: Visitor) -> None:
    assert "还没有导入过账号" in reader.get("/desk/transfers/").text


def test_files_their_outcomes_and_their_bad_rows(reader: Visitor, tmp_path: Path) -> None:
    somebody(phone(1), phone(900))
    bad = [person(number, phone=f"12{number}") for number in range(60)]
    batch = imported(persons(tmp_path, [person(1), person(2), *bad]))
    undone = imported(units(tmp_path, [unit(1)]))
    undo_import(actor=ME, batch_id=undone.id)
    Batch.objects.filter(id=batch.id).update(finished_at=None)
    page = reader.get("/desk/transfers/").text
    for words in ("persons.csv", "units.csv", "未完成", "已撤销"):
        assert words in page
    Batch.objects.filter(id=batch.id).update(finished_at=batch.finished_at)
    page = reader.get(f"/desk/transfers/{batch.id}/").text
    for words in ("已完成", "共 62 行", "60 行有误", "P3", "个人登录名改为 HJ_", "手机号码", "不是11位", "下一页"):
        assert words in page
    assert phone(1) not in page
    assert len(reader.get(f"/desk/transfers/{batch.id}/?page=2").page.xpath("//tbody[last()]/tr")) >= 10
    answer = reader.client.get(f"/desk/transfers/{batch.id}/rows.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 63
    assert rows[1] == ["1", "", "P3", "name_held", "HJ_130****0001", ""]
    assert rows[3] == ["3", "***", "", "mobile.length", "", "phone"]
