"""How failed log-ins slow the next ones down, and never lock an account.

Failures are counted for a login name, for a network, and for the two together. A login name that failed often, or a
network that failed often, is asked for a 验证码. Only the two together are made to wait: the owner of an account that
somebody else keeps attacking from elsewhere is asked for a 验证码 and nothing more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Counted(StrEnum):
    """What failures are counted for."""

    NAME = "name"
    NETWORK = "network"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Pace:
    """Numbers of the slowing down (`docs/settings`): failures before a 验证码, the window, the delays."""

    name_failures: int
    network_failures: int
    window: timedelta
    first_delay: timedelta
    longest_delay: timedelta

    def remembered_for(self, counted: Counted) -> timedelta:
        """Return how long after the last failure the earlier ones still count."""
        return 2 * self.longest_delay if counted is Counted.PAIR else self.window

    def delay(self, failures: int) -> timedelta:
        """Return the pause after the `failures`-th failure of one name from one network.

        It starts with the first failure that had a 验证码: whoever remembers the password in time is let in.
        """
        doublings = failures - self.name_failures - 1
        if doublings < 0:
            return timedelta(0)
        return min(self.first_delay * (1 << min(doublings, 30)), self.longest_delay)


@dataclass(frozen=True, slots=True)
class Standing:
    """Failures so far, and when the last one of the pair was."""

    name: int = 0
    network: int = 0
    pair: int = 0
    pair_failed_at: datetime | None = None

    def needs_human_check(self, pace: Pace) -> bool:
        """Return whether the next attempt needs a 验证码."""
        return max(self.name, self.pair) >= pace.name_failures or self.network >= pace.network_failures

    def must_wait(self, pace: Pace, now: datetime) -> bool:
        """Return whether the next attempt comes too early."""
        delay = pace.delay(self.pair)
        # Without a delay a clock that was set back must not make anybody wait until it has caught up.
        return bool(delay) and self.pair_failed_at is not None and now < self.pair_failed_at + delay
