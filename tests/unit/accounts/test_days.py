"""Days are those of China, also between midnight there and midnight in UTC."""

from datetime import UTC, date, datetime

import pytest

from tests.journeys.people import PASSWORD, somebody
from tests.moved_clock import MovedClock
from tongban.accounts.flows.log_in import log_in
from tongban.accounts.flows.prove_password import PasswordAttempt
from tongban.accounts.flows.recognise_device import recognise_device
from tongban.accounts.models import Account, KnownDevice
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.review import case_numbers

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)  # half past one in Beijing


def test_a_log_in_after_midnight_is_of_the_new_day(clock: MovedClock) -> None:
    clock.now = NEW_YEAR
    account = somebody("zhang.san")
    log_in(actor=Actor.anonymous(), attempt=PasswordAttempt(Realm.NATURAL, "zhang.san", PASSWORD, "n"))
    assert Account.objects.get().last_used_on == date(2027, 1, 1)
    recognise_device(actor=Actor.anonymous(), account=account, token="x" * 22, user_agent="")
    assert KnownDevice.objects.get().last_seen_on == date(2027, 1, 1)


def test_a_case_opened_after_midnight_has_the_new_year_in_its_number() -> None:
    assert case_numbers.new(NEW_YEAR).startswith("TB-2027-")
