"""Two verified accounts, one relying party, and a clock that tests move."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.unit.sso.house import Rp, make_account, make_client, signed_in, verify
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.kernel import clock
from tongban.sso import queries, signing


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """What a process keeps in memory must not outlive a test's database."""
    signing.forget()
    queries.forget_form_targets()
    yield
    signing.forget()
    queries.forget_form_targets()


@pytest.fixture
def person(db: None) -> Account:
    return verify(make_account(Realm.NATURAL, "zhangsan"))


@pytest.fixture
def unit(db: None) -> Account:
    return verify(make_account(Realm.LEGAL, "unit"))


@pytest.fixture
def rp(db: None) -> Rp:
    return Rp(make_client())


@pytest.fixture
def at_browser(person: Account) -> Client:
    """The browser in which `person` is signed in."""
    return signed_in(person)


@pytest.fixture
def at_unit_browser(unit: Account) -> Client:
    """The browser in which `unit` is signed in."""
    return signed_in(unit)


@pytest.fixture
def wait() -> Iterator[Callable[[float], None]]:
    """Let seconds pass."""
    offset = [timedelta(0)]
    clock.set_source(lambda: datetime.now(UTC) + offset[0])

    def move(seconds: float) -> None:
        offset[0] += timedelta(seconds=seconds)

    yield move
    clock.set_source(None)
