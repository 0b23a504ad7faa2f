"""What this room tells the rooms above it (`kernel.events`), inside the transaction of the act."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MandateEnded:
    """The mandate is over: what was opened in its right is to be closed."""

    mandate_id: UUID
