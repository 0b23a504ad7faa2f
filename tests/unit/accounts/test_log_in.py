"""The flow behind the log-in windows."""

from dataclasses import replace
from unittest.mock import patch

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from tests.journeys.people import PASSWORD, somebody
from tests.moved_clock import MovedClock
from tests.unit.accounts.test_hashers import OlderArgon2
from tongban.accounts import credentials, queries, tally
from tongban.accounts.errors import HumanCheckNeeded, LogInRefused
from tongban.accounts.flows import log_in as flow
from tongban.accounts.flows.prove_password import PasswordAttempt
from tongban.accounts.models import Account, LogInTally
from tongban.accounts.rules import Realm
from tongban.accounts.rules.attempts import Standing
from tongban.accounts.sessions import SessionStore
from tongban.audit.actors import Actor

pytestmark = pytest.mark.django_db(transaction=True)


def log_in(login_name: str = "zhang.san", password: str = PASSWORD, network: str = "203.0.113.7") -> Account:
    attempt = PasswordAttempt(Realm.NATURAL, login_name, password, network)
    return flow.log_in(actor=Actor.anonymous(), attempt=attempt)


def test_an_old_hash_is_renewed_once() -> None:
    account = somebody()
    older = OlderArgon2()
    Account.objects.filter(id=account.id).update(password=older.encode(PASSWORD, older.salt()))
    log_in()
    account.refresh_from_db()
    assert not credentials.is_outdated(account)
    renewed = account.password
    log_in()
    account.refresh_from_db()
    assert account.password == renewed


def test_a_renewed_hash_never_overwrites_a_new_password() -> None:
    account = somebody()
    older = OlderArgon2()
    Account.objects.filter(id=account.id).update(password=older.encode(PASSWORD, older.salt()))

    def changed_meanwhile(*_: object, **__: object) -> credentials.Verdict:
        Account.objects.filter(id=account.id).update(password="new")
        return credentials.Verdict(is_right=True, renewed="renewed")

    with patch.object(credentials, "judge", changed_meanwhile):
        log_in()
    account.refresh_from_db()
    assert account.password == "new"


def test_a_log_in_is_a_handful_of_statements(
    django_assert_max_num_queries: DjangoAssertNumQueries, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    somebody()
    credentials.judge(None, "x")
    log_in()
    # tally read, counted; account; BEGIN, tally settled, event, event waiting, COMMIT
    with django_assert_max_num_queries(7):
        log_in()
    # A wrong password and an unknown name ask the database exactly the same; on SQLite BEGIN is a statement too.
    for login_name in ("zhang.san", "nobody"):
        with django_assert_num_queries(6 if connection.vendor == "sqlite" else 5), pytest.raises(LogInRefused):
            log_in(login_name, "wrong")


def test_what_is_counted_in_the_meantime_counts(clock: MovedClock) -> None:
    somebody()
    for _failed in range(4):
        with pytest.raises(LogInRefused):
            log_in(password="wrong")
    stale = Standing(name=4, network=4, pair=4)
    ask = queries.door
    with patch.object(queries, "door", lambda *args, **kwargs: replace(ask(*args, **kwargs), standing=stale)):
        with pytest.raises(LogInRefused):
            log_in(password="wrong")
        with pytest.raises(HumanCheckNeeded):
            log_in()


def test_counts_that_count_no_more_are_swept(clock: MovedClock) -> None:
    for name in ("one", "two"):
        with pytest.raises(LogInRefused):
            log_in(name)
    assert tally.forget() == 0
    clock.forward(minutes=5)
    assert tally.forget() == 3, "two names and a network"
    clock.forward(hours=2)
    assert tally.forget() == 2, "two pairs"
    assert tally.forget() == 0
    clock.forward(days=365)
    assert tally.forget() == 4, "two names that failed in a row, and each from one device"
    assert not LogInTally.objects.exists()


def test_a_count_starts_again_after_its_time(clock: MovedClock) -> None:
    counted = tally.Tally.of(realm=Realm.NATURAL, login_name_key="zhang", network="n")
    for before in range(3):
        assert counted.count().name == before
    clock.forward(minutes=5)
    standing = counted.count()
    assert (standing.name, standing.network, standing.pair) == (0, 0, 3)


def test_a_success_forgives_the_name_and_takes_itself_from_the_network() -> None:
    somebody()
    for name in ("zhang.san", "li.si"):
        with pytest.raises(LogInRefused):
            log_in(name, "wrong")
    log_in()
    standing = tally.Tally.of(realm=Realm.NATURAL, login_name_key="zhang.san", network="203.0.113.7").standing()
    assert (standing.name, standing.network, standing.pair) == (0, 2, 0)


def test_nothing_in_the_tally_tells_a_name_or_a_network() -> None:
    with pytest.raises(LogInRefused):
        log_in("zhang.san", network="203.0.113.7")
    rows = str(list(LogInTally.objects.values()))
    assert "zhang" not in rows
    assert "203.0" not in rows


@pytest.mark.django_db
def test_the_next_releases_columns_do_not_disturb_this_one() -> None:
    """Its migrations run while this release serves: statements that are prepared by then must go on."""
    account = somebody("zhang.san")
    counts = tally.Tally.of(realm=Realm.NATURAL, login_name_key="zhang.san", network="n")

    def asked() -> tuple[object, ...]:
        door = queries.door(Realm.NATURAL, "zhang.san", device="", tally=counts.keys)
        session = SessionStore(key)
        return door.account, door.is_suspended, door.knows_device, door.standing.name, session.row

    visit = SessionStore()
    visit[SESSION_KEY] = str(account.id)
    visit.save()
    key = visit.session_key
    counts.count()
    before = [asked() for _often in range(8)][-1]
    assert before[:4] == (account, False, False, 1)
    connection.check_constraints()  # PostgreSQL alters no table with checks to come
    with connection.cursor() as cursor:
        for table in ("accounts_account", "accounts_session", "accounts_knowndevice"):
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN of_the_next_release integer")
    assert asked() == before
