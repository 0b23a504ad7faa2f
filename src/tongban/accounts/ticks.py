"""When answers to log-ins leave: at once, unless a room above knows login names whose check may take long.

Then everybody who types such a name is answered at the next tick, whoever they are and whatever exists: how long a
check took is not to be seen. It depends on what was typed alone.
"""

from collections.abc import Callable

from tongban.accounts.rules import Realm

Tick = Callable[[Realm, str], float]
_known: dict[str, Tick] = {}


def register(name: str, tick: Tick) -> None:
    """Let `tick` say how many seconds lie between two answers about a login name (as compared) of a realm, or 0."""
    _known[name] = tick


def of(realm: Realm, login_name_key: str) -> float:
    """Return the seconds between two answers; 0: each leaves when it is ready."""
    return max((tick(realm, login_name_key) for tick in _known.values()), default=0.0)
