"""Pure rules of the evidence store."""

from enum import StrEnum


class EvidenceState(StrEnum):
    """What has become of an uploaded file. Nobody sees it before it is ready."""

    RECEIVED = "received"
    READY = "ready"
    REFUSED = "refused"
    ERASED = "erased"


LIVE = (EvidenceState.RECEIVED, EvidenceState.READY, EvidenceState.REFUSED)
"""States in which a file stands in its slot."""
USABLE = (EvidenceState.RECEIVED, EvidenceState.READY)
"""States in which a case may be opened with the file."""


class Erasure(StrEnum):
    """Why the content of a file was erased."""

    REPLACED = "replaced"
    DELETED = "deleted"
    UNUSED = "unused"
    RETAINED_LONG_ENOUGH = "retained_long_enough"
