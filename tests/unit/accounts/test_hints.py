"""Links that fill in a login name: signed, for one window, for half an hour."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.core import signing
from django.test import Client

from tests.moved_clock import MovedClock, moved_clock
from tongban.accounts import hints
from tongban.accounts.rules import Realm
from tongban.kernel.ids import new_id

KNOWN = new_id()


@pytest.fixture
def clock() -> Iterator[MovedClock]:
    with moved_clock() as moved:
        yield moved


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch) -> str:
    """A link to what a room above says of `KNOWN`."""

    def resolve(realm: Realm, reference: UUID) -> str:
        return "13812345678" if (realm, reference) == (Realm.NATURAL, KNOWN) else ""

    monkeypatch.setattr(hints, "_resolvers", {"room": resolve})
    return hints.make("room", KNOWN)


def test_a_link_says_the_name_to_its_window_alone(link: str) -> None:
    assert "13812345678" not in link
    assert hints.login_name(Realm.NATURAL, link) == "13812345678"
    assert hints.login_name(Realm.LEGAL, link) == ""
    assert hints.login_name(Realm.NATURAL, hints.make("room", new_id())) == ""


def test_a_link_is_good_for_half_an_hour(link: str, clock: MovedClock) -> None:
    fresh = hints.make("room", KNOWN)
    clock.forward(minutes=29)
    assert hints.login_name(Realm.NATURAL, fresh)
    clock.forward(minutes=2)
    assert hints.login_name(Realm.NATURAL, fresh) == ""


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", signing.dumps(["room", KNOWN.hex, 0], salt="another")])
def test_a_link_that_is_not_ours_says_nothing(link: str, forged: str) -> None:
    assert hints.login_name(Realm.NATURAL, forged) == ""


def test_a_link_of_a_room_that_is_gone_says_nothing(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "_resolvers", {})
    assert hints.login_name(Realm.NATURAL, link) == ""


@pytest.mark.django_db
def test_the_window_shows_the_name_and_takes_another(link: str) -> None:
    page = Client().get("/log-in/natural/", {hints.PARAMETER: link}).content.decode()
    assert 'value="13812345678"' in page
    assert "13812345678" not in Client().get("/log-in/natural/").content.decode()
