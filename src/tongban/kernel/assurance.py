"""How sure the platform is that an account belongs to whom it names."""

from enum import IntEnum


class AssuranceLevel(IntEnum):
    """Ordered: a service demands a level, an account has one, and the numbers compare."""

    SELF_ASSERTED = 1
    """Only what the person typed."""
    CROSS_CHECKED = 2
    """Name and number agree with an authority's records."""
    REVIEWED = 3
    """A reviewer has looked at the evidence."""
    PRESENCE_VERIFIED = 4
    """The living person was compared with the document, or came to a window."""
