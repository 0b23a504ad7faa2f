"""Keys of the vault are rotated under sealed legacy passwords as under its own fields."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.people import somebody
from tests.moved_clock import MovedClock, moved_clock
from tests.unit.transfer.test_hashers import HASHER, STRONG, md5_of, sealed
from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.transfer.flows.reseal_passwords import passwords_of_key
from tongban.vault import keepers, keys
from tongban.vault.errors import KeyInUse
from tongban.vault.flows.reencrypt import walk
from tongban.vault.flows.retire_key import retire_key
from tongban.vault.flows.rotate import rotate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Path) -> None:
    """Keys are retired here: other tests need theirs."""
    settings.VAULT_KEY_RING = tmp_path / "keys" / "vault.json"


@pytest.fixture
def time() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        yield moved


def new_key(time: MovedClock) -> None:
    rotate(actor=Actor.system(), use=keys.SEAL)
    time.forward(hours=1)


def test_passwords_move_to_the_new_key(time: MovedClock) -> None:
    accounts = [sealed(somebody(f"person.{number}", f"1380000000{number}"), md5_of(STRONG)) for number in range(5)]
    ordinary = somebody("ordinary", "13800000009").password
    old = keys.current(keys.SEAL)
    assert passwords_of_key(old) == 5
    assert passwords_of_key(keys.current(keys.INDEX)) == 0
    new_key(time)
    assert sum(walk(actor=Actor.system(), batch=2)) >= 5
    assert (passwords_of_key(old), passwords_of_key(keys.current(keys.SEAL))) == (0, 5)
    for account in accounts:
        before = account.password
        account.refresh_from_db()
        assert account.password != before
        assert HASHER.opens(STRONG, account.password, account.id)
    assert Account.objects.get(login_name="ordinary").password == ordinary
    assert list(walk(actor=Actor.system())) == []


def test_a_key_stays_while_a_password_needs_it(time: MovedClock) -> None:
    account = sealed(somebody(), md5_of(STRONG))
    old = keys.current(keys.SEAL)
    new_key(time)
    Account.objects.filter(id=account.id).update(phone=None, phone_index=None, realm="staff")
    time.forward(days=8)
    with pytest.raises(KeyInUse):
        retire_key(actor=Actor.system(), key_id=old.id)
    list(walk(actor=Actor.system()))
    retire_key(actor=Actor.system(), key_id=old.id)
    account.refresh_from_db()
    assert HASHER.opens(STRONG, account.password, account.id)


def test_a_damaged_one_is_told_and_stops_nothing(time: MovedClock) -> None:
    damaged, whole = sealed(somebody("a.person")), sealed(somebody("b.person", "13800000009"))
    Account.objects.filter(id=damaged.id).update(password=whole.password)
    new_key(time)
    (keeper,) = [keeper for keeper in keepers.registered() if keeper.name == "transfer.passwords"]
    assert keeper.renew
    done = list(keeper.renew(1))
    assert sorted((one.renewed, one.damaged) for one in done) == [(0, 1), (1, 0)]
    whole.refresh_from_db()
    assert HASHER.opens("123456", whole.password, whole.id)
