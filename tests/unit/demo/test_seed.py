"""Setting up the demonstration: twice changes nothing, and an interruption is made good."""

from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from pytest_django import Settings

from tongban.accounts.models import Account, IdentityBinding, StaffRole, Totp
from tongban.demo.accounts import ACCOUNTS
from tongban.demo.flows import open_demo_account, seed
from tongban.mandates.models import Mandate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def set_up(tmp_path: Path, settings: Settings) -> Callable[[], None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # there are many accounts
    return lambda: seed.seed(hnte="http://127.0.0.1:1", tsme="http://127.0.0.1:2", folder=tmp_path)


def standing() -> dict[str, int]:
    counted = {table.__name__: table._default_manager.count() for table in (Account, IdentityBinding, StaffRole, Totp)}
    return {**counted, "Mandate": Mandate.objects.filter(holder__isnull=False, ended_at=None).count()}


def test_interrupted_anywhere_it_goes_on_and_ends_the_same(set_up: Callable[[], None]) -> None:
    staff = sum(account.realm == "staff" for account in ACCOUNTS)
    for where, what in ((open_demo_account, "submit"), (seed, "_appoint"), (seed, "accept"), (seed, "bring_over")):
        with patch.object(where, what, side_effect=SystemExit(0)), pytest.raises(SystemExit):
            set_up()
    set_up()
    first = standing()
    assert first["StaffRole"] == first["Totp"] == staff
    assert first["IdentityBinding"] >= sum(account.verified for account in ACCOUNTS)
    assert first["Mandate"] == Mandate.objects.count() == 2
    set_up()
    assert standing() == first
