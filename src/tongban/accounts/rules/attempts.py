"""How failed log-ins slow the next ones down, and never lock an account.

Failures are counted for a login name, for a network, and for the two together. A login name that failed often, or a
network that failed often, is asked for a 验证码. Only the two together are made to wait: the owner of an account that
somebody else keeps attacking from elsewhere is asked for a 验证码 and nothing more.

Failures in a row are counted besides, and no pause forgives them (NIST SP 800-63B-4 §3.2.2): after a hundred the
password opens nothing from a device that was never used for the account, until it is replaced. A known device goes on,
with a hundred of its own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Counted(StrEnum):
    """What failures are counted for."""

    NAME = "name"
    NETWORK = "network"
    PAIR = "pair"
    IN_A_ROW = "in a row"
    """For a login name, from whatever device."""
    DEVICE = "device"
    """In a row, for a login name from one device."""

    @property
    def field(self) -> str:
        """What a `Standing` calls it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Pace:
    """Numbers of the slowing down (`docs/settings`): failures before a 验证码, the window, the delays."""

    name_failures: int
    network_failures: int
    window: timedelta
    first_delay: timedelta
    longest_delay: timedelta
    in_a_row: int
    in_a_row_window: timedelta

    def remembered_for(self, counted: Counted) -> timedelta:
        """Return how long after the last failure the earlier ones still count."""
        if counted in {Counted.IN_A_ROW, Counted.DEVICE}:
            return self.in_a_row_window
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
    in_a_row: int = 0
    device: int = 0

    def needs_human_check(self, pace: Pace) -> bool:
        """Return whether the next attempt needs a 验证码."""
        return max(self.name, self.pair) >= pace.name_failures or self.network >= pace.network_failures

    def must_wait(self, pace: Pace, now: datetime) -> bool:
        """Return whether the next attempt comes too early."""
        delay = pace.delay(self.pair)
        # Without a delay a clock that was set back must not make anybody wait until it has caught up.
        return bool(delay) and self.pair_failed_at is not None and now < self.pair_failed_at + delay

    def may_open(self, pace: Pace, *, knows_device: bool) -> bool:
        """Return whether the right password opens the account, from a device that was used for it before or not."""
        return (self.device if knows_device else self.in_a_row) < pace.in_a_row

    def is_last(self, pace: Pace) -> bool:
        """Return whether one failure more disables the password on unknown devices."""
        return self.in_a_row == pace.in_a_row - 1
