"""By what operators find an account. Rooms above add their own ways in `AppConfig.ready`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongban.accounts import queries
from tongban.accounts.rules import Realm
from tongban.design.labels import Text


@dataclass(frozen=True, slots=True)
class Finder:
    """One way: what its choice is called, and who is found by what was typed (nobody: `None`)."""

    label: Text
    find: Callable[[str], UUID | None]


def _named(realm: Realm) -> Callable[[str], UUID | None]:
    def find(login_name: str) -> UUID | None:
        account = queries.account_named(realm, login_name)
        return account.id if account else None

    return find


_finders = {
    "natural": Finder(_("自然人的登录名"), _named(Realm.NATURAL)),
    "legal": Finder(_("法人的登录名"), _named(Realm.LEGAL)),
    "staff": Finder(_("工作人员的登录名"), _named(Realm.STAFF)),
}


def register(name: str, finder: Finder) -> None:
    """Let operators find accounts in one more way; registering the same name again replaces it."""
    _finders[name] = finder


def ways() -> Mapping[str, Text]:
    """Return the names of the ways and what they are called."""
    return {name: finder.label for name, finder in _finders.items()}


def find(by: str, value: str) -> UUID | None:
    """Return who is found in the way called `by`."""
    return _finders[by].find(value)
