"""Pure rules of the room."""

from datetime import date, timedelta
from enum import StrEnum

from tongban.kernel import normalise

TAIL = 6
"""How many last characters of a document number are asked for."""


class Way(StrEnum):
    """How an account was recovered."""

    RESET = "reset"
    APPEAL = "appeal"


def tail(number: str) -> str:
    """Return the last characters of a document number, in one writing."""
    return normalise.identifier(number)[-TAIL:]


def is_dormant(*, last_used: date, today: date, days: int) -> bool:
    """Return whether nobody has used the account for `days`: its telephone number may be somebody else's by now."""
    return today - last_used >= timedelta(days=days)
