"""The database's own refusal to change or delete events and seals, by triggers, on SQLite and PostgreSQL alike.

A row may be deleted only at or below the latest retirement (`flows.retire`), which is itself append-only. Whoever
owns the schema can drop a trigger; the chain finds what they do then, and `missing` finds that it is gone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

_RETIRED_SEAL = "EXISTS (SELECT 1 FROM audit_retirement r WHERE r.through >= OLD.sequence)"
_RETIRED_EVENT = (
    "EXISTS (SELECT 1 FROM audit_retirement r JOIN audit_seal s ON s.sequence <= r.through WHERE s.event_id = OLD.id)"
)


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: before `act` on `table`, refuse unless the SQL expression `unless` holds."""

    table: str
    act: str
    unless: str = ""

    @property
    def name(self) -> str:
        """The trigger's name in the database."""
        return f"{self.table}_no_{self.act.lower()}"

    def sqlite(self) -> Iterator[str]:
        """Yield the statements that make it on SQLite."""
        when = f"WHEN NOT {self.unless} " if self.unless else ""
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {self.name} BEFORE {self.act} ON {self.table} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{self.table} is append-only'); END"
        )

    def postgresql(self) -> Iterator[str]:
        """Yield the statements that make it on PostgreSQL."""
        row = "NEW" if self.act == "UPDATE" else "OLD"
        leave = f"IF {self.unless} THEN RETURN {row}; END IF; " if self.unless else ""
        yield (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {leave}"
            f"RAISE EXCEPTION '{self.table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {self.name} BEFORE {self.act} ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.name}()"
        )


TRIGGERS = (
    Trigger("audit_event", "UPDATE"),
    Trigger("audit_event", "DELETE", unless=_RETIRED_EVENT),
    Trigger("audit_seal", "UPDATE"),
    Trigger("audit_seal", "DELETE", unless=_RETIRED_SEAL),
    Trigger("audit_retirement", "UPDATE"),
    Trigger("audit_retirement", "DELETE"),
)


def install(database: BaseDatabaseWrapper = connection) -> None:
    """Make every trigger that is missing."""
    with database.cursor() as cursor:
        for trigger in TRIGGERS:
            for statement in trigger.sqlite() if database.vendor == "sqlite" else trigger.postgresql():
                cursor.execute(statement)


def remove(database: BaseDatabaseWrapper = connection) -> None:
    """Drop every trigger (to undo the migration; tests empty tables)."""
    with database.cursor() as cursor:
        for trigger in TRIGGERS:
            table = "" if database.vendor == "sqlite" else f" ON {trigger.table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{table}")


def missing() -> list[str]:
    """Return the names of triggers the database does not have, of tables that it has."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master" if sqlite else "SELECT tgname FROM pg_trigger")
        present = {row[0] for row in cursor.fetchall()}
    tables = connection.introspection.table_names()
    return [trigger.name for trigger in TRIGGERS if trigger.table in tables and trigger.name not in present]
