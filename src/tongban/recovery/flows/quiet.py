"""After a recovery an account is quiet for a while: its owner must have time to say 「不是我」."""

from tongban.accounts.errors import ChangeMustWait
from tongban.accounts.events_out import RiskyChangeAsked
from tongban.kernel import clock
from tongban.recovery import queries


def hold_back(event: RiskyChangeAsked) -> None:
    """Object to a risky change shortly after a recovery; raises `ChangeMustWait`."""
    until = queries.quiet_until(event.account_id)
    if until and clock.now() < until:
        raise ChangeMustWait(retry_at=until)
