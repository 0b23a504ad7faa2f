"""Pure rules of the room: states of an SMS and of its receipt, and how long to wait between tries."""

from datetime import timedelta
from enum import StrEnum


class SmsState(StrEnum):
    """Where an SMS stands.

    pending → sending → sent
                      → pending   surely not sent, tried again later
                      → failed    surely not sent, no more tries
                      → asking    perhaps sent: its vendor is asked what became of it
                      → unknown   perhaps sent, and nobody can say: never sent again
    asking  → sent                the vendor knows of it
            → pending             the vendor surely never had it
            → unknown             the vendor did not say in time
    pending → worthless           its code expired before it could be sent
    withheld                      written only so that the answer to the caller is uniform; never sent
    """

    PENDING = "pending"
    SENDING = "sending"
    ASKING = "asking"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    WORTHLESS = "worthless"
    WITHHELD = "withheld"


class Receipt(StrEnum):
    """What a vendor says became of an SMS it took over."""

    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    UNTOLD = "untold"
    """Nobody said so in `SMS_RECEIPT_HOURS`."""


_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=15)


def pause_after(tries: int) -> timedelta:
    """Return how long to wait after the try number `tries` (from 1): 5 s, 10 s, 20 s … 15 min."""
    return min(_FIRST_PAUSE * (1 << min(tries - 1, 10)), _LONGEST_PAUSE)


GIVE_UP_ASKING = timedelta(hours=1)
"""After how long a message that may have been sent is given up as `unknown`."""
_FIRST_ASK = timedelta(seconds=10)
_LONGEST_ASK = timedelta(hours=6)


def pause_before_asking(asks: int) -> timedelta:
    """Return how long to wait before a vendor is asked once more, after `asks` times: 10 s, 20 s, 40 s … 6 h."""
    return min(_FIRST_ASK * (1 << min(asks, 12)), _LONGEST_ASK)
