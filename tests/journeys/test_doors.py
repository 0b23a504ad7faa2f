"""Every door, tried by everybody: strangers, citizens, units, and each role of the staff.

The list of addresses is the platform's own, so a page that is added tomorrow is tried tomorrow.
"""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.architecture.test_routes import routes
from tests.journeys.people import some_unit, somebody
from tests.unit.review.desk import citizen, staff
from tongban.accounts.backend import PATH
from tongban.accounts.flows.grant_role import end_role, grant_role
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm, Role
from tongban.audit.actors import Actor
from tongban.web.doors import Door

SAMPLES = {"uuid": "01890000-0000-7000-8000-000000000000", "slug": "nothing", "int": "1", "str": "nothing"}


def addresses() -> Iterator[tuple[str, Door]]:
    """Yield an address of every route that has a closed door, with identifiers of nothing."""
    for route, pattern in routes(get_resolver()):
        door: Door = getattr(pattern.callback, "door")  # noqa: B009 - a view is a function that carries its door
        if door.kind == "signed_in":
            parts = (SAMPLES[part[1:].partition(":")[0]] if part.startswith("<") else part for part in route.split("/"))
            yield "/" + "/".join(parts), door


CLOSED = list(addresses())


def signed_in(account: Account) -> Client:
    client = Client(headers={"accept": "text/html"})
    client.force_login(account, backend=PATH)
    return client


def test_there_are_closed_doors() -> None:
    assert len(CLOSED) > 30
    assert {door.realm for _path, door in CLOSED} == {None, "natural", "legal", "staff"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_led_to_a_window_from_everywhere(method: str) -> None:
    for path, _door in CLOSED:
        response = getattr(Client(), method)(path)
        if response.status_code == 405:
            continue
        assert response.status_code == 302, path
        assert "log-in/" in response.headers["Location"], path


@pytest.mark.parametrize("who", [None, *Role, Realm.NATURAL, Realm.LEGAL])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_has_no_business_behind_a_door_is_refused(who: Role | Realm | None, method: str) -> None:
    if isinstance(who, Realm):
        account, realm, roles = citizen(who), str(who), set()
    else:
        account, realm, roles = staff(*([who] if who else [])), "staff", {who}
    client = signed_in(account)
    tried = 0
    for path, door in CLOSED:
        may = door.realm in {None, realm} and (not door.roles or not roles.isdisjoint(door.roles))
        if not may:
            tried += 1
            assert getattr(client, method)(path).status_code == 403, path
    assert tried


@pytest.mark.parametrize("realm", [Realm.NATURAL, Realm.LEGAL])
def test_what_does_not_exist_and_what_is_not_yours_is_never_an_error_of_ours(realm: Realm) -> None:
    client = signed_in(some_unit() if realm is Realm.LEGAL else somebody())
    for path, door in CLOSED:
        if door.realm in {None, str(realm)}:
            for method in ("get", "post"):
                assert getattr(client, method)(path).status_code < 500, path


def test_a_role_that_was_taken_away_opens_nothing_from_that_moment() -> None:
    auditor, operator = staff(), Actor.operator("root")
    grant_role(actor=operator, account=auditor, role=Role.AUDITOR)
    client = signed_in(auditor)
    assert client.get("/desk/export/").status_code == 200
    end_role(actor=operator, account=auditor, role=Role.AUDITOR)
    assert client.get("/desk/export/").status_code == 302, "the session is gone"
    assert signed_in(Account.objects.get(id=auditor.id)).get("/desk/export/").status_code == 403
