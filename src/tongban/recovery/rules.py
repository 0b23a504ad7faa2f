"""Pure rules of the room."""

from datetime import date, timedelta
from enum import StrEnum

from tongban.kernel import normalise

TAIL = 6
"""How many last characters of a document number are asked for."""

NATURAL_KIND, LEGAL_KIND = "natural_appeal", "legal_appeal"
KINDS = (NATURAL_KIND, LEGAL_KIND)
HAND_OVER, RELEASE = "hand_over", "release"
"""The two reasons an appeal is approved for: the account goes to its owner, or an impostor's loses the identity."""
RELEASED_REASON = "impostor"


class Way(StrEnum):
    """How an account was recovered."""

    RESET = "reset"
    APPEAL = "appeal"


class Answered(StrEnum):
    """What the authority said about an appeal."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NO_RECORD = "no_record"
    NOT_COVERED = "not_covered"


def tail(number: str) -> str:
    """Return the last characters of a document number, in one writing."""
    return normalise.identifier(number)[-TAIL:]


def is_dormant(*, last_used: date, today: date, days: int) -> bool:
    """Return whether nobody has used the account for `days`: its telephone number may be somebody else's by now."""
    return today - last_used >= timedelta(days=days)
