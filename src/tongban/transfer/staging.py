"""The tables applied to thousands of rows at once, by the database.

One statement asks which rows of a block meet anything at all: a legacy account, a login name, a verified unit or
person. All others are the case for which no fact holds, and are loaded straight into the tables as they were prepared.

Rows that meet something go into temporary tables; one statement decides all of them on what the platform holds at that
moment; accounts are inserted, never looked for first: where somebody registered a name in between, the insert passes
the row over and it is decided again on what is there now. Where that happens to a row that met nothing, the unique
index refuses the load, and the whole block goes this second way.

The two databases differ only in how rows are loaded and in the lock that keeps verifications out.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from tongban.transfer.bulk import CopyLines, Lines, Table, Tuples
from tongban.transfer.preparing import ACCOUNTS, LEGACY, PROFILES, Prepared
from tongban.transfer.rules import CREATED, RESERVED_PREFIX, TABLES, Fact, Kind, Outcome, Row, decide

_ROUNDS = 5
NOBODY = UUID(int=0)
"""Stands for the batch of a rehearsal, which there is not."""
_BYTES = frozenset({"phone", "legacy_phone", "contact_name"})
_COLUMNS = ("row", "id", "login_key", "phone", "legacy_phone", "fingerprint", "password")
_UNIT_COLUMNS = ("uscc", "unit_name", "unit_name_key", "unit_type", "contact_name")
_COPIES = {ACCOUNTS: "transfer_account_copy", PROFILES: "transfer_profile_copy", LEGACY: "transfer_legacy_copy"}
"""Temporary tables with the same columns, for rows that have to be decided."""

# What a row can meet: whatever any fact below holds for is among it, and what was brought over before. Each value is
# looked up by itself: where EXISTS stands the planner may turn the join round, or read a table through for it, as long
# as statistics have not heard of the rows of earlier blocks. (`realm || ''` keeps it from the index that begins so.)
_UNIT_MEETS = """
SELECT g.value FROM {names} WHERE (SELECT 1 FROM transfer_legacyaccount l
  WHERE l.kind = 'unit' AND l.uscc = g.value LIMIT 1) IS NOT NULL
OR (SELECT 1 FROM accounts_account a
  WHERE a.realm = 'legal' AND a.login_name_key = lower(g.value) LIMIT 1) IS NOT NULL
OR (SELECT 1 FROM accounts_identitybinding b
  WHERE b.uscc = g.value AND b.uscc <> '' AND b.released_at IS NULL LIMIT 1) IS NOT NULL
"""
_PERSON_MEETS = """
SELECT g.value FROM {indexes} WHERE (SELECT 1 FROM transfer_legacyaccount l
  WHERE l.kind = 'person' AND l.phone_index = g.value LIMIT 1) IS NOT NULL
OR (SELECT 1 FROM accounts_account a
  WHERE a.phone_index = g.value AND a.realm || '' = 'natural' AND a.phone_proved_at IS NOT NULL LIMIT 1) IS NOT NULL
UNION ALL SELECT g.value FROM {names} WHERE (SELECT 1 FROM accounts_account a
  WHERE a.realm = 'natural' AND a.login_name_key = g.value LIMIT 1) IS NOT NULL
"""

# What the tables of `rules` ask, in terms of the joins below. `held` is the account with the login name, `holder` the
# account that is verified for the unit, or for a person who proved the phone.
_FACTS: dict[Fact, str] = {
    Fact.NAME_HELD: "held IS NOT NULL",
    Fact.BOUND_HERE: "held IS NOT NULL AND holder IS NOT NULL AND holder = held",
    Fact.BOUND_ELSEWHERE: "holder IS NOT NULL AND (held IS NULL OR holder <> held)",
    Fact.CLAIMED_WITH_PHONE: "claimed_with_phone",
    Fact.PHONE_PROVED_HERE: "phone_proved_here",
}

_UNIT_FACTS = """
SELECT s.row, s.id, s.uscc AS name, s.login_key, a.id AS held,
  (SELECT CAST(min(CAST(b.account_id AS text)) AS {id_type}) FROM accounts_identitybinding b
    WHERE b.uscc = s.uscc AND b.uscc <> '' AND b.released_at IS NULL) AS holder,
  a.phone_proved_at IS NOT NULL AND a.phone_index IN ({indexes}) AND EXISTS (SELECT 1 FROM accounts_legalprofile p
    WHERE p.account_id = a.id AND p.uscc = s.uscc AND p.released_at IS NULL) AS claimed_with_phone,
  FALSE AS phone_proved_here
FROM transfer_staging s
LEFT JOIN accounts_account a ON a.realm = 'legal' AND a.login_name_key = s.login_key
"""
_PERSON_FACTS = """
SELECT s.row, s.id, s.login_key AS name, s.login_key, a.id AS held,
  (SELECT CAST(min(CAST(o.id AS text)) AS {id_type}) FROM accounts_account o
    WHERE o.phone_index IN ({indexes}) AND o.realm = 'natural' AND o.phone_proved_at IS NOT NULL
      AND o.login_name_key <> s.login_key AND EXISTS (SELECT 1 FROM accounts_identitybinding b
        WHERE b.account_id = o.id AND b.kind = 'document' AND b.released_at IS NULL)) AS holder,
  FALSE AS claimed_with_phone,
  a.phone_proved_at IS NOT NULL AND a.phone_index IN ({indexes}) AS phone_proved_here
FROM transfer_staging s
LEFT JOIN accounts_account a ON a.realm = 'natural' AND a.login_name_key = s.login_key
"""
_NATURAL_NAME_HELD = (
    "(SELECT 1 FROM accounts_account n WHERE n.realm = 'natural' AND n.login_name_key = ruled.login_key) IS NOT NULL"
)
# Materialised, or the planner puts every look-up into every place that mentions its result.
_DECIDE = """
WITH facts AS MATERIALIZED ({facts} WHERE s.row NOT IN (SELECT row FROM transfer_decision)),
  ruled AS MATERIALIZED (SELECT facts.*, {rule} AS rule FROM facts)
INSERT INTO transfer_decision (row, id, round, outcome, reason, login_name, met)
SELECT row, id, %(round)s, {outcome}, {reason}, {login_name}, {met} FROM ruled
"""
_INSERT_ACCOUNTS = """
INSERT INTO accounts_account (id, password, realm, login_name, login_name_key, phone, phone_index, transferred_at,
  created_at, password_changed_at)
SELECT s.id, s.password, CASE WHEN d.outcome IN ('E1', 'E3') THEN 'legal' ELSE 'natural' END, d.login_name,
  lower(d.login_name), s.phone, s.phone_index, %(now)s, %(now)s, %(now)s
FROM transfer_decision d JOIN transfer_staging s ON s.row = d.row
WHERE d.round = %(round)s AND d.outcome IN ({created})
ON CONFLICT (realm, login_name_key) DO NOTHING
"""
_UNDECIDE = """
DELETE FROM transfer_decision WHERE round = %(round)s AND outcome IN ({created})
  AND NOT EXISTS (SELECT 1 FROM accounts_account a WHERE a.id = transfer_decision.id)
"""
_INSERT_PROFILES = """
INSERT INTO accounts_legalprofile (account_id, unit_name, unit_name_key, uscc, unit_type, contact_name)
SELECT s.id, s.unit_name, s.unit_name_key, s.uscc, s.unit_type, s.contact_name
FROM transfer_decision d JOIN transfer_staging s ON s.row = d.row WHERE d.outcome IN ('E1', 'E3')
"""
_INSERT_LEGACY = """
INSERT INTO transfer_legacyaccount (id, batch_id, row, kind, uscc, phone, phone_index, fingerprint, outcome, reason,
  login_name, account_id, met_account_id, decided_at)
SELECT s.id, %(batch)s, s.row, %(kind)s, {uscc}, s.legacy_phone, s.phone_index, s.fingerprint, d.outcome, d.reason,
  d.login_name, CASE WHEN d.outcome IN ({created}) THEN s.id END, d.met, %(now)s
FROM transfer_decision d JOIN transfer_staging s ON s.row = d.row
"""
# A block is small beside the tables it meets, which grow under the planner's eyes: everything shall be looked up by
# index, and nothing compiled. Staged rows and decisions are equally many: the planner may join them as it likes.
_BY_INDEX = (
    "SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1; SET LOCAL enable_seqscan = off; "
    "SET LOCAL enable_mergejoin = off; SET LOCAL enable_hashjoin = off; "
    "SET LOCAL enable_material = off; SET LOCAL enable_bitmapscan = off"
)
_FREELY = "SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on"
_KNOWN = """
SELECT s.row, l.id, l.account_id, l.batch_id = %(batch)s OR COALESCE(l.changed_by_id = %(batch)s, FALSE),
  l.fingerprint = s.fingerprint
FROM transfer_staging s JOIN transfer_legacyaccount l ON l.kind = '{kind}' AND {key} ORDER BY s.row
"""
_SEEN = """
SELECT s.row, t.fingerprint = s.fingerprint FROM transfer_staging s JOIN transfer_seen t ON t.login_key = s.login_key
ORDER BY s.row
"""
_REMEMBER = """
INSERT INTO transfer_seen (login_key, fingerprint) SELECT login_key, fingerprint FROM transfer_staging WHERE TRUE
ON CONFLICT DO NOTHING
"""
_TO_CREATE = "SELECT count(*) FROM transfer_decision WHERE round = %(round)s AND outcome IN ({created})"
_UNDECIDED = "SELECT row FROM transfer_staging WHERE row NOT IN (SELECT row FROM transfer_decision) ORDER BY row"
_DECIDED = """
SELECT row, outcome, reason, login_name FROM transfer_decision WHERE outcome = %(outcome)s ORDER BY row LIMIT %(most)s
"""
_COUNTS = "SELECT outcome, count(*) FROM transfer_decision GROUP BY outcome"
_NAMES: dict[Outcome, str] = {
    Outcome.E3: f"'{RESERVED_PREFIX}' || name",
    Outcome.E4: f"CASE WHEN {_NATURAL_NAME_HELD} THEN '{RESERVED_PREFIX}' || name ELSE name END",
    Outcome.P3: f"'{RESERVED_PREFIX}' || name",
    Outcome.P4: "''",
}
"""What a legacy account's owner logs in with, where it is not the name they had."""


@dataclass(frozen=True, slots=True)
class Known:
    """A staged row whose unit or person is known: `here` from this very file, with the `same` data or others."""

    row: int
    legacy_id: UUID
    account_id: UUID | None
    here: bool
    same: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a staged row, for a rehearsal."""

    row: int
    outcome: Outcome
    reason: str
    login_name: str


class Staging:
    """The temporary tables of one connection, for files of one kind; `indexes` is how many keys index phones."""

    def __init__(self, kind: Kind, *, indexes: int) -> None:
        self.kind = kind
        self.is_postgresql = connection.vendor == "postgresql"
        names = [f"phone_index{number or ''}" for number in range(indexes)]
        self._columns = (*_COLUMNS, *(_UNIT_COLUMNS if kind is Kind.UNIT else ()), *names)
        self._tables_written = (ACCOUNTS, LEGACY, PROFILES) if kind is Kind.UNIT else (ACCOUNTS, LEGACY)
        self._indexes = ", ".join(f"s.{name}" for name in names)
        self._statements = self._written() | self._tables()

    def create(self) -> None:
        """Make the tables empty."""
        self.drop()
        for name in self._statements:
            if name.startswith("create"):
                self._execute(name)

    def drop(self) -> None:
        """Remove the tables, if they are there."""
        for name in self._statements:
            if name.startswith("drop"):
                self._execute(name)

    def begin(self) -> None:
        """Begin a block, in the caller's transaction."""
        if self.is_postgresql:
            # Which units are verified must not change between the decision and the claims that follow from it.
            self._execute("lock")
            # The place in the file is written in the same transaction: what a crash of the machine loses is read again.
            self._execute("hastily")
            self._prefer("by_index")

    def meeting(self, prepared: Prepared) -> set[int]:
        """Return the places of the rows that meet anything of the platform, or each other."""
        names, indexes = prepared.names, ",".join(prepared.indexes)
        found = self._fetch("meets", names=names, indexes=indexes) if prepared.numbers else []
        places: set[int] = set()
        if found:
            texts = [names.split(","), *(made.split(",") for made in prepared.indexes)]
            at = {text: place for every in texts for place, text in enumerate(every)}
            places = {at[text] for (text,) in found}
        if prepared.repeats:
            at_row = {row: place for place, row in enumerate(prepared.numbers)}
            places |= {at_row[row] for repeat in prepared.repeats for row in (repeat.row, repeat.first)}
        return places

    def write_free(self, prepared: Prepared, meeting: Collection[int]) -> dict[str, int] | None:
        """Write the rows that meet nothing, and return how many, by outcome; `None` if by now one of them does."""
        count = len(prepared.numbers) - len(meeting)
        if not count:
            return {}
        try:
            with transaction.atomic():
                for table in self._tables_written:
                    self._load(table, table.name, prepared.lines[table].without(meeting))
        except IntegrityError:
            return None
        return {decide(self.kind, frozenset()).outcome.value: count}

    def load(self, prepared: Prepared, places: Collection[int] | None = None) -> None:
        """Fill the staging table with the rows of a block, or with those at `places`."""
        for name in ("transfer_staging", "transfer_decision", *(_COPIES[table] for table in self._tables_written)):
            self._execute(f"empty_{name}")
        for table in self._tables_written:
            lines = prepared.lines[table]
            self._load(table, _COPIES[table], lines if places is None else lines.only(places))
        self._prefer("freely")
        self._execute("stage")
        if len(prepared.indexes) > 1:
            rows = list(zip(*(made.split(",") for made in prepared.indexes[1:]), prepared.numbers, strict=True))
            wanted = range(len(rows)) if places is None else places
            with connection.cursor() as cursor:
                cursor.executemany(self._statements["older_indexes"], [rows[place] for place in wanted])

    def _load(self, table: Table, name: str, lines: Lines) -> None:
        columns = ", ".join(table.columns)
        with connection.cursor() as cursor, connection.wrap_database_errors:
            if isinstance(lines, CopyLines):
                with cursor.copy(f"COPY {name} ({columns}) FROM STDIN (FORMAT BINARY)") as copy:
                    copy.write(lines.stream())
            elif isinstance(lines, Tuples):  # past Django, which would look at every value
                marks = ", ".join(["?"] * len(table.columns))
                cursor.cursor.connection.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", lines.rows)

    def known(self, batch_id: UUID) -> list[Known]:
        """Return the staged rows whose unit or person is known already, in order."""
        self._prefer("by_index")
        rows = self._fetch("known", batch=_key(batch_id))
        return [
            Known(row, _uuid(one), _uuid(two) if two else None, bool(here), bool(same))
            for row, one, two, here, same in rows
        ]

    def staged(self, rows: Iterable[int]) -> list[dict[str, Any]]:
        """Return what stands in the staging table for these rows."""
        wanted = list(rows)
        found = self._fetch("staged", rows=self._rows(wanted)) if wanted else []
        return [dict(zip(self._columns, values, strict=True)) for values in found]

    def leave_out(self, rows: Iterable[int]) -> None:
        """Take these rows off the staging table."""
        unwanted = list(rows)
        if unwanted:
            self._execute("leave_out", rows=self._rows(unwanted))

    def decide(self, number: int = 0) -> None:
        """Decide every staged row that is not decided yet, on what the platform holds now; rounds have a `number`."""
        self._prefer("by_index")
        self._execute("decide", round=number)
        self._prefer("freely")

    def decided(self, outcome: Outcome, most: int) -> list[Decided]:
        """Return `most` of the decided rows with this outcome."""
        found = self._fetch("decided", outcome=outcome.value, most=most)
        return [Decided(row, Outcome(outcome), why, name) for row, outcome, why, name in found]

    def seen(self) -> list[tuple[int, bool]]:
        """Return the staged rows whose unit or person an earlier block of a rehearsal held, and note the others.

        With each, whether it says the same.
        """
        found = self._fetch("seen")
        self._execute("remember")
        return [(row, bool(same)) for row, same in found]

    def write(self, batch_id: UUID, now: datetime) -> list[int]:
        """Decide and write every staged row: accounts, claims of units, legacy accounts.

        Return the rows for which there is no free name, after names were taken again and again while this was at work.
        """
        at = connection.ops.adapt_datetimefield_value(now)
        for number in range(_ROUNDS):
            self.decide(number)
            wanted = self._fetch("to_create", round=number)[0][0]
            if self._execute("accounts", round=number, now=at) == wanted:
                break
            self._execute("undecide", round=number)
        if self.kind is Kind.UNIT:
            self._execute("profiles")
        self._execute("legacy", batch=_key(batch_id), kind=self.kind.value, now=at)
        return [row for (row,) in self._fetch("undecided")]

    def counts(self) -> dict[str, int]:
        """Return how many rows were decided, by outcome."""
        return dict(self._fetch("counts"))

    def _execute(self, statement: str, **values: object) -> int:
        with connection.cursor() as cursor:
            cursor.execute(self._statements[statement], cast("Any", values) or None)
            return int(cursor.rowcount)

    def _fetch(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(self._statements[statement], cast("Any", values) or None)
            return cast("list[tuple[Any, ...]]", cursor.fetchall())

    def _prefer(self, plans: str) -> None:
        """Tell PostgreSQL's planner what to prefer, until the end of the transaction."""
        if self.is_postgresql:
            self._execute(plans)

    def _rows(self, rows: list[int]) -> object:
        """Return row numbers as one parameter."""
        return rows if self.is_postgresql else json.dumps(rows)

    def _tables(self) -> dict[str, str]:
        """Return what makes, fills and empties the tables."""
        id_type, row_type, byte_type = "uuid", "integer", "bytea"
        in_rows, empty = "row = ANY(%(rows)s)", "TRUNCATE"
        if not self.is_postgresql:
            id_type, row_type, byte_type = "text", "integer PRIMARY KEY", "blob"
            in_rows, empty = "row IN (SELECT value FROM json_each(%(rows)s))", "DELETE FROM"
        types = {"row": row_type, "id": id_type} | dict.fromkeys(_BYTES, byte_type)
        columns = ", ".join(f"{name} {types.get(name, 'text')}" for name in self._columns)
        decision = (
            f"row {row_type}, id {id_type}, round integer, outcome text, reason text, login_name text, met {id_type}"
        )
        tables = {
            "transfer_staging": f"({columns})",
            "transfer_decision": f"({decision})",
            "transfer_seen": "(login_key text PRIMARY KEY, fingerprint text)",
            **{
                _COPIES[table]: f"AS SELECT {', '.join(table.columns)} FROM {table.name} WHERE FALSE"
                for table in self._tables_written
            },
        }
        names = ", ".join(self._columns)
        older = [name for name in self._columns if name.startswith("phone_index") and name != "phone_index"]
        return {
            **{f"create_{name}": f"CREATE TEMPORARY TABLE {name} {columns}" for name, columns in tables.items()},
            **{f"drop_{name}": f"DROP TABLE IF EXISTS {name}" for name in tables},
            **{f"empty_{name}": f"{empty} {name}" for name in tables},
            "by_index": _BY_INDEX,
            "freely": _FREELY,
            "hastily": "SET LOCAL synchronous_commit = off",
            "lock": "LOCK TABLE accounts_identitybinding IN SHARE MODE",
            "stage": self._staging_statement(),
            "older_indexes": f"UPDATE transfer_staging SET {', '.join(f'{n} = %s' for n in older)} WHERE row = %s",
            "staged": f"SELECT {names} FROM transfer_staging WHERE {in_rows} ORDER BY row",
            "leave_out": f"DELETE FROM transfer_staging WHERE {in_rows}",
        }

    def _staging_statement(self) -> str:
        """Return what puts the rows together again."""
        columns = [name for name in self._columns if name == "phone_index" or not name.startswith("phone_index")]
        sources = {
            "row": "l.row",
            "id": "l.id",
            "login_key": "a.login_name_key",
            "legacy_phone": "l.phone",
            "fingerprint": "l.fingerprint",
        }
        values = ", ".join(sources.get(name, f"{'p' if name in _UNIT_COLUMNS else 'a'}.{name}") for name in columns)
        joins = f"{_COPIES[LEGACY]} l JOIN {_COPIES[ACCOUNTS]} a ON a.id = l.id"
        if self.kind is Kind.UNIT:
            joins += f" JOIN {_COPIES[PROFILES]} p ON p.account_id = l.id"
        return f"INSERT INTO transfer_staging ({', '.join(columns)}) SELECT {values} FROM {joins}"

    def _written(self) -> dict[str, str]:
        """Return every statement in full."""
        table = TABLES[self.kind]
        created = ", ".join(f"'{outcome.value}'" for outcome in sorted(CREATED))
        facts = _UNIT_FACTS if self.kind is Kind.UNIT else _PERSON_FACTS
        decide = _DECIDE.format(
            rule=_cases((_condition(row), str(number)) for number, row in enumerate(table)),
            outcome=_cases((f"rule = {number}", f"'{row.outcome.value}'") for number, row in enumerate(table)),
            reason=_cases((f"rule = {number}", f"'{row.reason}'") for number, row in enumerate(table)),
            login_name=_cases(
                (f"rule = {number}", _NAMES.get(row.outcome, "name")) for number, row in enumerate(table)
            ),
            met=_cases((f"rule = {number}", _met(row.outcome)) for number, row in enumerate(table)),
            facts=facts.format(indexes=self._indexes, id_type="uuid" if self.is_postgresql else "text"),
        )
        is_unit = self.kind is Kind.UNIT
        key = "l.uscc = s.uscc" if is_unit else f"l.phone_index IN ({self._indexes})"
        values = "unnest(string_to_array(%({0})s, ',')) AS g(value)"
        if not self.is_postgresql:
            values = """json_each('["' || replace(%({0})s, ',', '","') || '"]') AS g"""
        given = {name: values.format(name) for name in ("names", "indexes")}
        return {
            "meets": (_UNIT_MEETS if is_unit else _PERSON_MEETS).format(**given),
            "known": _KNOWN.format(key=key, kind=self.kind.value),
            "seen": _SEEN,
            "remember": _REMEMBER,
            "decide": decide,
            "to_create": _TO_CREATE.format(created=created),
            "accounts": _INSERT_ACCOUNTS.format(created=created),
            "undecide": _UNDECIDE.format(created=created),
            "undecided": _UNDECIDED,
            "profiles": _INSERT_PROFILES,
            "legacy": _INSERT_LEGACY.format(created=created, uscc="s.uscc" if is_unit else "''"),
            "counts": _COUNTS,
            "decided": _DECIDED,
        }


def _condition(row: Row) -> str:
    parts = [_FACTS[fact] for fact in sorted(row.given)] + [f"NOT ({_FACTS[fact]})" for fact in sorted(row.without)]
    return " AND ".join(f"({part})" for part in parts) or "TRUE"


def _cases(cases: Iterable[tuple[str, str]]) -> str:
    return f"CASE {' '.join(f'WHEN {condition} THEN {value}' for condition, value in cases)} END"


def _met(outcome: Outcome) -> str:
    return "holder" if outcome in {Outcome.E4, Outcome.P4} else "held"


def _key(value: UUID) -> object:
    return value if connection.vendor == "postgresql" else value.hex


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
