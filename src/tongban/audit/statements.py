"""Statements in plain SQL, for acts that are too frequent for Django to write them anew each time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, and its values in the order of its marks (`%s`)."""

    sql: str
    values: Sequence[Any]

    def run(self) -> None:
        """Carry it out alone."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values)


def unhurried() -> str:
    """Return what, at the end of a RETURNING clause, lets the transaction not wait for the disk.

    A crash of the database (not of ours) may undo its last half second then: for counts and visits, never for what
    somebody was told is done. Where the database has no such thing it is a value without a meaning.
    """
    return "set_config('synchronous_commit', 'off', true)" if connection.vendor == "postgresql" else "0"
