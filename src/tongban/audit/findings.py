"""What a check of the trail can find."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """The kinds of finding; the command line has a sentence for each."""

    EVENT_ALTERED = "event_altered"
    EVENT_MISSING = "event_missing"
    EVENT_VANISHED = "event_vanished"
    EVENT_FORGED = "event_forged"
    EVENT_STRAY = "event_stray"
    EVENT_LATE = "event_late"
    SEAL_ALTERED = "seal_altered"
    SEAL_MISSING = "seal_missing"
    TAIL_CUT_OFF = "tail_cut_off"
    ANCHOR_DIFFERS = "anchor_differs"
    ANCHOR_UNREADABLE = "anchor_unreadable"
    ANCHORS_MISSING = "anchors_missing"
    RETIREMENT_UNPROVED = "retirement_unproved"
    GUARD_MISSING = "guard_missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, at a sequence number and with an event where it has them."""

    kind: Kind
    sequence: int | None = None
    event_id: UUID | None = None
    detail: str = ""
