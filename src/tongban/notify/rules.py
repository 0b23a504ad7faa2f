"""Pure rules of the room: states of an SMS, and how long to wait between tries."""

from datetime import timedelta
from enum import StrEnum


class SmsState(StrEnum):
    """Where an SMS stands.

    pending → sending → sent
                      → pending   surely not sent, tried again later
                      → failed    surely not sent, no more tries
                      → unknown   perhaps sent: never sent again
    pending → worthless           its code expired before it could be sent
    withheld                      written only so that the answer to the caller is uniform; never sent
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WORTHLESS = "worthless"
    WITHHELD = "withheld"


_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=15)


def pause_after(tries: int) -> timedelta:
    """Return how long to wait after the try number `tries` (from 1): 5 s, 10 s, 20 s … 15 min."""
    return min(_FIRST_PAUSE * (1 << min(tries - 1, 10)), _LONGEST_PAUSE)
