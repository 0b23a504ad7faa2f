"""A hundred failures in a row: an authenticator opens nothing any more from unknown devices, until it is re-bound."""

import secrets
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from tests.journeys.people import PASSWORD, somebody, texts
from tests.journeys.staff import app_code, member
from tests.moved_clock import MovedClock
from tongban.accounts import queries, tally
from tongban.accounts.errors import (
    LogInRefused,
    PasswordDisabled,
    PasswordWrong,
    SecondFactorDisabled,
    SecondFactorRefused,
)
from tongban.accounts.flows import log_in as flow
from tongban.accounts.flows.confirm_password import confirm_password
from tongban.accounts.flows.end_sessions import EndReason
from tongban.accounts.flows.log_in_staff import give_factor
from tongban.accounts.flows.prove_password import PasswordAttempt
from tongban.accounts.flows.recognise_device import recognise_device
from tongban.accounts.flows.redeem_factor import AppCode
from tongban.accounts.flows.replace_password import replace_password
from tongban.accounts.models import Account, Totp
from tongban.accounts.rules import Realm, totp
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.challenge.errors import TooManyRequests
from tongban.config.table import TABLE
from tongban.notify.models import InSiteMessage

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "Drei-Pflaumen-im-Topf"
NOBODY = Actor.anonymous()
MOST = 4
STRANGE = "s" * 22


@pytest.fixture(autouse=True)
def _few_and_undisturbed(settings: Any) -> None:
    """Pictures and pauses are other tests'."""
    settings.AUTHENTICATOR_FAILURES = MOST
    settings.LOG_IN_FAILURES = settings.LOG_IN_FAILURES_NETWORK = 10**6
    settings.SECOND_FACTOR_RATES = "1000/5min"


def log_in(password: str = PASSWORD, *, login_name: str = "zhang.san", device: str = "", network: str = "") -> Account:
    network = network or secrets.token_hex(4)
    attempt = PasswordAttempt(Realm.NATURAL, login_name, password, network, device=device)
    return flow.log_in(actor=NOBODY, attempt=attempt)


def fail(times: int, **given: Any) -> None:
    for _time in range(times):
        with pytest.raises(LogInRefused):
            log_in("wrong", **given)


def own_device(account: Account) -> str:
    return recognise_device(actor=NOBODY, account=account, token="", user_agent="")


def test_the_default_is_the_standards() -> None:
    assert next(row.default for row in TABLE if row.name == "AUTHENTICATOR_FAILURES") == 100


def test_one_less_than_the_limit_opens_and_forgives() -> None:
    somebody()
    for _round in range(2):
        fail(MOST - 1)
        log_in()


def test_at_the_limit_a_right_password_opens_nothing_from_an_unknown_device(clock: MovedClock) -> None:
    somebody()
    fail(MOST)
    for device in ("", STRANGE):
        with pytest.raises(LogInRefused):
            log_in(device=device)
    clock.forward(days=90)
    with pytest.raises(LogInRefused):
        log_in()


def test_slow_failures_are_failures_in_a_row(clock: MovedClock) -> None:
    somebody()
    for _day in range(MOST):
        fail(1)
        clock.forward(days=1)
    with pytest.raises(LogInRefused):
        log_in()


def test_a_known_device_goes_on_and_leaves_the_unknown_ones_shut() -> None:
    account = somebody()
    device = own_device(account)
    fail(MOST)
    assert log_in(device=device) == account
    with pytest.raises(LogInRefused):
        log_in()
    assert log_in(device=device) == account


def test_a_device_of_one_account_is_unknown_to_every_other() -> None:
    somebody()
    stranger = own_device(somebody("li.si", "13800000009"))
    fail(MOST, device=stranger)
    with pytest.raises(LogInRefused):
        log_in(device=stranger)


def test_a_known_device_has_a_limit_of_its_own() -> None:
    account = somebody()
    device, other = own_device(account), own_device(account)
    fail(MOST, device=device)
    with pytest.raises(LogInRefused):
        log_in(device=device)
    assert log_in(device=other) == account


@pytest.mark.parametrize("device", ["", "known"])
def test_a_new_password_opens_everywhere_again(device: str) -> None:
    account = somebody()
    token = own_device(account) if device else ""
    fail(MOST, device=token)
    with transaction.atomic():
        replace_password(actor=NOBODY, account=account, encoded=make_password(NEW), reason=EndReason.RECOVERED)
    assert log_in(NEW) == account
    assert log_in(NEW, device=token) == account


def test_the_owner_is_told_once_and_the_trail_knows() -> None:
    account = somebody()
    fail(MOST + 3)
    assert [text for text in texts("13800000001") if "停用" in text] == texts("13800000001")
    assert len(texts("13800000001")) == 1
    assert InSiteMessage.objects.filter(account_id=account.id, template="password_disabled").count() == 1
    assert Event.objects.filter(name="accounts:password:disabled", subject=account.id).count() == 1
    assert tally.is_disabled(account)


def test_an_unknown_name_is_counted_and_answered_alike(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    somebody()
    for login_name in ("zhang.san", "nobody"):
        fail(MOST + 1, login_name=login_name)
        # Beyond the limit, with whatever password: the same refusal after the same statements (on SQLite BEGIN is one).
        for password in (PASSWORD, "wrong"):
            with django_assert_num_queries(6 if connection.vendor == "sqlite" else 5), pytest.raises(LogInRefused):
                log_in(password, login_name=login_name, device=STRANGE)


def test_a_session_does_not_guess_its_own_password_without_end(settings: Any) -> None:
    account = somebody()
    settings.LOG_IN_FAILURES = 5
    for _try in range(MOST):
        with pytest.raises(PasswordWrong):
            confirm_password(actor=NOBODY, account=account, password="wrong")
    with pytest.raises(PasswordDisabled):
        confirm_password(actor=NOBODY, account=account, password=PASSWORD)
    with transaction.atomic():
        replace_password(actor=NOBODY, account=account, encoded=make_password(NEW), reason=EndReason.RECOVERED)
    confirm_password(actor=NOBODY, account=account, password=NEW)


def test_an_app_is_disabled_on_unknown_devices_until_another_is_tied(clock: MovedClock) -> None:
    account = member()
    device = own_device(account)

    def give(code: str, device: str = "") -> None:
        give_factor(actor=NOBODY, account=account, proof=AppCode(code, device))

    for _try in range(MOST):
        with pytest.raises(SecondFactorRefused):
            give("000000")
    with pytest.raises(SecondFactorDisabled):
        give(app_code(account), STRANGE)
    give(app_code(account), device)
    clock.forward(minutes=1)
    with pytest.raises(SecondFactorDisabled):
        give(app_code(account))
    Totp.objects.update(ended_at=clock.now)
    other = Totp.objects.create(account=account, secret=totp.new_secret(), confirmed_at=clock.now)
    assert queries.confirmed_totp(account) == other
    give(app_code(account))


def test_frequent_tries_of_a_code_are_told_to_wait_before_anything_is_disabled(settings: Any) -> None:
    settings.SECOND_FACTOR_RATES = "2/5min"
    account = member()
    for _try in range(2):
        with pytest.raises(SecondFactorRefused):
            give_factor(actor=NOBODY, account=account, proof=AppCode("000000"))
    with pytest.raises(TooManyRequests):
        give_factor(actor=NOBODY, account=account, proof=AppCode("000000"))
