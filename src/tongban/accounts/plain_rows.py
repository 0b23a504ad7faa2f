"""Rows of plain SQL as objects: what Django's `raw` gives, at a fraction of its time.

`raw` asks anew at every call which column is which field and how it is converted. Here that is asked once for each
statement.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def one(model: type[M], statement: str, values: Sequence[Any]) -> M | None:
    """Return the first row that `statement` finds, as an object of `model`, or `None`.

    The statement selects every column of the model; what it selects besides becomes an attribute, as the database has
    it.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
        if row is None:
            return None
        shape = _SHAPES.get((connection.vendor, statement))
        if shape is None:
            shape = _SHAPES[connection.vendor, statement] = _shape(model, [column[0] for column in cursor.description])
    return shape.made(model, row)


def columns(model: type[models.Model], alias: str) -> str:
    """Return the columns of `model`, as a statement selects them from the table called `alias`.

    Never `*`: the next release's migration adds a column while this one still serves, and PostgreSQL then refuses a
    prepared statement whose answer would have another shape.
    """
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)  # noqa: SLF001 - Django's public name


def moment(stored: datetime | str | None) -> datetime | None:
    """Return a moment as it was stored: SQLite keeps moments as texts and does not say that they are in UTC."""
    if isinstance(stored, str):
        stored = datetime.fromisoformat(stored)
    return stored.replace(tzinfo=UTC) if stored and stored.tzinfo is None else stored


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the rows of one statement become objects: where each field stands, what is converted, what comes besides."""

    fields: tuple[str, ...]
    places: tuple[int, ...]
    converted: tuple[tuple[int, tuple[Callable[..., Any], ...], object], ...]
    besides: tuple[tuple[int, str], ...]

    def made(self, model: type[M], row: Sequence[Any]) -> M:
        """Return the object."""
        values = list(row)
        for place, converters, column in self.converted:
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        made: M = model.from_db(connection.alias, self.fields, [values[place] for place in self.places])
        for place, name in self.besides:
            setattr(made, name, values[place])
        return made


_SHAPES: dict[tuple[str, str], _Shape] = {}
"""By database and statement; statements are constants."""


def _shape(model: type[models.Model], names: Sequence[str]) -> _Shape:
    table = model._meta  # noqa: SLF001 - Django's public name
    fields = table.concrete_fields
    places = tuple(names.index(field.column) for field in fields)
    columns = [field.get_col(table.db_table) for field in fields]
    converters = [
        (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)) for column in columns
    ]
    return _Shape(
        fields=tuple(field.attname for field in fields),
        places=places,
        converted=tuple(
            (place, found, column) for place, found, column in zip(places, converters, columns, strict=True) if found
        ),
        besides=tuple((place, name) for place, name in enumerate(names) if place not in places),
    )
