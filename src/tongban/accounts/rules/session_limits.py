"""How long a session lives (NIST SP 800-63B-4 §2.2.3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """The longest pause and the longest life of a session."""

    idle: timedelta
    absolute: timedelta

    def ends_at(self, *, created_at: datetime, last_seen_at: datetime) -> datetime:
        """Return when the session ends if nothing more happens."""
        return min(last_seen_at + self.idle, created_at + self.absolute)
