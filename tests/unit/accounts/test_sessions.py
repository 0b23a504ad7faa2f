"""The session engine."""

import hashlib
import math
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.journeys.people import somebody
from tests.moved_clock import MovedClock
from tongban.accounts import queries
from tongban.accounts.backend import AccountBackend
from tongban.accounts.models import Account, Session
from tongban.accounts.rules import Realm
from tongban.accounts.sessions import SessionStore, end_expired

pytestmark = pytest.mark.django_db


def started(**content: object) -> SessionStore:
    store = SessionStore()
    store.update(content)
    store.save()
    return store


def again(store: SessionStore) -> SessionStore:
    """Return the session as the next request sees it."""
    return SessionStore(store.session_key)


def signed_in(account: Account) -> SessionStore:
    return started(**{SESSION_KEY: str(account.id)})


def test_content_is_kept_and_the_key_is_not() -> None:
    store = started(colour="blue")
    assert again(store)["colour"] == "blue"
    row = Session.objects.get()
    assert row.key_digest == hashlib.sha256((store.session_key or "").encode()).hexdigest()
    assert str(store.session_key) not in str(Session.objects.values().get())
    assert len(store.session_key or "") == 48


def test_keys_cannot_be_guessed() -> None:
    keys = set()
    for _visit in range(1000):
        store = SessionStore()
        store._take_new_key()
        keys.add(store.session_key or "")
    assert len(keys) == 1000
    places = [Counter(key[place] for key in keys) for place in range(48)]
    # Each of 16 characters about 62 times in each place; 125 would be eight standard deviations away.
    assert all(len(seen) == 16 and max(seen.values()) < 125 for seen in places)
    assert math.log2(16) * 48 > 128, "bits"


def test_saving_again_changes_the_row() -> None:
    store = started(colour="blue")
    later = again(store)
    later["colour"] = "red"
    later.save()
    assert again(store)["colour"] == "red"
    assert Session.objects.count() == 1


def test_a_new_key_for_the_same_account_keeps_the_row(clock: MovedClock) -> None:
    store = signed_in(somebody())
    before = Session.objects.get()
    clock.forward(minutes=1)
    later = again(store)
    later.cycle_key()
    later.save()
    after = Session.objects.get()
    assert (after.id, after.created_at) == (before.id, before.created_at)
    assert after.key_digest != before.key_digest
    assert not again(store).items(), "the old key opens nothing"


def test_signing_in_starts_a_fresh_row(clock: MovedClock) -> None:
    visit = started(browser="b")
    before = Session.objects.get()
    clock.forward(minutes=1)
    later = again(visit)
    later.describe(network="n", user_agent="u" * 300)
    later[SESSION_KEY] = str(somebody().id)
    later.save()
    after = Session.objects.get()
    assert after.id != before.id
    assert after.created_at == before.created_at + timedelta(minutes=1)
    assert (after.network, after.user_agent) == ("n", "u" * 256)
    assert again(later)["browser"] == "b"


def test_a_key_nobody_was_given_is_never_adopted() -> None:
    for touch in ("items", "clear"):
        store = SessionStore("chosen-by-an-attacker")
        getattr(store, touch)()
        store["colour"] = "blue"
        store.save()
        assert store.session_key != "chosen-by-an-attacker"
        assert not SessionStore("chosen-by-an-attacker").items()


def test_a_session_that_was_ended_meanwhile_is_not_brought_back() -> None:
    store = signed_in(somebody())
    later = again(store)
    later["colour"] = "blue"
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        later.save()


def test_flush_and_delete_end_it() -> None:
    store = started(colour="blue")
    store.flush()
    assert store.session_key is None
    assert store.is_empty()
    assert store.row is None
    assert store.ends_at is None
    assert not Session.objects.exists()
    other = started(colour="red")
    SessionStore().delete(other.session_key)
    SessionStore().delete()
    assert not Session.objects.exists()


def test_create_starts_one_with_what_is_there() -> None:
    store = SessionStore()
    store["colour"] = "blue"
    store.create()
    assert store.exists(store.session_key or "")
    assert not store.exists("another")
    assert again(store)["colour"] == "blue"
    key = store.session_key
    store.create()
    assert store.session_key != key
    assert Session.objects.count() == 1


@pytest.mark.parametrize(("realm", "idle", "absolute"), [(Realm.NATURAL, 30, 12), (Realm.STAFF, 15, 8)])
def test_the_end_depends_on_the_realm(clock: MovedClock, realm: Realm, idle: int, absolute: int) -> None:
    store = signed_in(somebody(realm=realm))
    start = clock.now
    assert again(store).ends_at == start + timedelta(minutes=idle)
    while clock.now < start + timedelta(hours=absolute) - timedelta(minutes=idle):
        clock.forward(minutes=idle - 1)
        assert again(store).row
    assert again(store).ends_at == start + timedelta(hours=absolute)
    clock.now = start + timedelta(hours=absolute)
    assert again(store).row is None


def test_an_ended_session_is_replaced_not_revived(clock: MovedClock) -> None:
    store = started(colour="blue")
    clock.forward(minutes=30)
    later = again(store)
    assert later.session_key is not None, "nothing has looked yet"
    later["shape"] = "round"
    assert "colour" not in later
    later.save()
    assert later.session_key != store.session_key


def test_being_seen_is_written_once_a_minute(
    clock: MovedClock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    store = started(colour="blue")
    clock.forward(seconds=59)
    with django_assert_num_queries(1):
        assert again(store).row
    clock.forward(seconds=1)
    with django_assert_num_queries(2):
        assert again(store).row
    with django_assert_num_queries(1):
        assert again(store).row


def test_tampered_content_is_no_content() -> None:
    store = signed_in(somebody())
    Session.objects.update(data="eyJhIjoxfQ:forged:signature")
    assert not again(store).items()


def test_the_sweep_takes_what_is_over(clock: MovedClock) -> None:
    started(colour="blue")
    clock.forward(minutes=29)
    assert end_expired() == 0
    clock.forward(minutes=1)
    kept = started(colour="red")
    assert end_expired() == 1
    assert end_expired() == 0
    SessionStore.clear_expired()
    assert again(kept)["colour"] == "red"


def test_the_cookie_has_no_date_and_is_out_of_reach_of_scripts(client: Client) -> None:
    client.get("/challenge/picture/")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["expires"] == cookie["max-age"] == ""
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_session_of_an_account_that_is_gone_belongs_to_nobody() -> None:
    account = somebody()
    assert AccountBackend().get_user(account.id) == account
    Account.objects.filter(id=account.id).delete()
    assert AccountBackend().get_user(account.id) is None


def test_a_session_ends_with_the_password_and_not_with_its_hash() -> None:
    account = somebody()
    before = account.get_session_auth_hash()
    account.set_password("another hash, the same moment")
    assert account.get_session_auth_hash() == before
    account.password_changed_at += timedelta(seconds=1)
    assert account.get_session_auth_hash() != before
    assert list(account.get_session_auth_fallback_hash()) == []


def test_an_owner_sees_sessions_that_live_the_latest_first(clock: MovedClock, client: Client) -> None:
    account = somebody()
    signed_in(account)
    clock.forward(minutes=20)
    later = signed_in(account)
    assert queries.sessions_of(account).count() == 2
    clock.forward(minutes=10)
    assert [session.id for session in queries.sessions_of(account)] == [later.row and later.row.id]
    client.force_login(account)
    for _more in range(25):
        signed_in(account)
    page = client.get("/account/security/").content.decode()
    assert page.count("退出这台设备") == 20
    assert "其他设备只列出最近使用的 20 台" in page
    assert page.count("本机") == 1
