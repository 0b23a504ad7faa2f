"""Neither the ORM nor plain SQL changes or deletes what was recorded; on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from tests.unit.audit.trail import happen, sealed_trail, sql
from tongban.audit import checks, guard
from tongban.audit.errors import AppendOnly
from tongban.audit.findings import Kind
from tongban.audit.flows.verify import verify
from tongban.audit.models import Event, Seal

pytestmark = [pytest.mark.django_db, pytest.mark.race]


@pytest.fixture
def guarded() -> Iterator[None]:
    guard.install()
    guard.install()
    yield
    guard.remove()


def retired_through(sequence: int) -> None:
    event_id = Seal.objects.get(sequence=6).event_id
    columns = "(through, mac, archive_digest, event_id)"
    sql(f"INSERT INTO audit_retirement {columns} VALUES (%s, 'a', 'a', %s)", sequence, event_id)


def _save() -> None:
    Event.objects.get().save()


def _bulk_update() -> None:
    Event.objects.bulk_update([Event.objects.get()], ["name"])


@pytest.mark.parametrize(
    "act",
    [
        _save,
        _bulk_update,
        lambda: Event.objects.get().delete(),
        lambda: Event.objects.update(name="x"),
        lambda: Event.objects.all().delete(),
        lambda: Event._base_manager.all().delete(),
    ],
)
def test_orm_refuses(act: Callable[[], object]) -> None:
    happen()
    before = Event.objects.values().get()
    with pytest.raises(AppendOnly):
        act()
    assert Event.objects.values().get() == before


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor_id = 'x'",
        "DELETE FROM audit_event",
        "UPDATE audit_seal SET mac = 'x'",
        "DELETE FROM audit_seal",
        "UPDATE audit_retirement SET through = 100",
        "DELETE FROM audit_retirement",
    ],
)
def test_database_refuses(statement: str) -> None:
    sealed_trail()
    retired_through(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(statement)
    assert Event.objects.count() == Seal.objects.count() == 6


@pytest.mark.usefixtures("guarded")
def test_retired_rows_may_go_but_no_others() -> None:
    sealed_trail()
    retired_through(2)
    assert sql("DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_seal WHERE sequence <= 2)") == 2
    assert sql("DELETE FROM audit_seal WHERE sequence <= 2") == 2
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql("DELETE FROM audit_seal WHERE sequence = 3")


@pytest.mark.usefixtures("guarded")
def test_missing_trigger_is_found_at_start_and_by_verification() -> None:
    assert guard.missing() == []
    assert checks.audit_guard(None, databases=["default"]) == []
    table = "" if connection.vendor == "sqlite" else " ON audit_event"
    sql(f"DROP TRIGGER audit_event_no_delete{table}")
    assert [finding.detail for finding in verify().findings if finding.kind is Kind.GUARD_MISSING] == [
        "audit_event_no_delete"
    ]
    assert [error.id for error in checks.audit_guard(None, databases=["default"])] == ["audit.E003"]
    assert checks.audit_guard(None) == []
