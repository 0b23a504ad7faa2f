"""No page asks the database more often because there is more to show: two rows and thirty cost the same statements.

Each case makes rows, looks at its pages, makes many more, and looks again. That every page shows more afterwards is
part of the test: a page that shows nothing costs nothing either.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.journeys.people import somebody
from tests.journeys.staff import member
from tests.moved_clock import moved_clock
from tests.unit.mandates import people
from tests.unit.proofing.people import resident_id
from tests.unit.review.desk import SINGLE, FakeStore, a_case
from tests.unit.sso.house import Rp, make_client, make_service
from tongban.accounts.backend import PATH
from tongban.accounts.models import Account, ResetRequest, Suspension
from tongban.accounts.rules import InvitationKind, Realm, Role
from tongban.catalogue.searching import fold
from tongban.kernel import check_characters, clock
from tongban.kernel.ids import new_id
from tongban.kernel.uscc import Uscc
from tongban.mandates.flows.end import end
from tongban.mandates.flows.request import request as ask_unit
from tongban.notify.flows.post_message import post_message
from tongban.proofing.models import Verification
from tongban.review import evidence, kinds
from tongban.review.flows.add_note import add_note
from tongban.review.flows.claim_case import claim_case
from tongban.review.models import Case
from tongban.site.models import Notice
from tongban.sso import queries as sso
from tongban.sso.models import Grant, RelyingParty
from tongban.transfer.models import BadRow, Batch

pytestmark = pytest.mark.django_db
FEW, MANY = range(2), range(2, 30)
"""Two rows, then more than stand on one page of any list."""
Grow = Callable[[range], None]


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    """Time stands still: nothing expires and no session is touched between two looks."""
    with moved_clock():
        yield


@pytest.fixture(autouse=True)
def _remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a process asks anew now and then, it does not ask between two looks."""
    monkeypatch.setattr(sso, "_SECONDS_ORIGINS_ARE_KEPT", 1e9)
    sso.forget_form_targets()
    yield
    sso.forget_form_targets()


@pytest.fixture(autouse=True)
def _generous(settings: Settings) -> None:
    """Let the rows be made."""
    settings.MANDATE_OFFERS_PER_UNIT = settings.MANDATE_REQUESTS_PER_PERSON = "1000/d"


@pytest.fixture(autouse=True)
def _evidence_in_memory() -> Iterator[FakeStore]:
    """A kind of case and an evidence store."""
    before, known, fake = evidence.store(), dict(kinds._kinds), FakeStore()
    evidence.use(fake)
    kinds.register(SINGLE.kind)
    yield fake
    evidence.use(before)
    kinds._kinds.clear()
    kinds._kinds.update(known)


def browser_of(account: Account | None) -> Client:
    """Return a browser in which the account is signed in."""
    client = Client(headers={"accept": "text/html"})
    if account is not None:
        client.force_login(account, backend=PATH)
    return client


def look(browser: Client, path: str) -> tuple[int, int]:
    """Return how many statements the page cost, and how long it is."""
    browser.get(path)  # what a process learns once, and keeps
    cache.clear()  # drawn pages are kept for passers-by
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(path)
    assert answer.status_code == 200, path
    return len(asked), len(answer.content)


def cost_no_more_when_there_is_more(grow: Grow, browser: Client, *paths: str, shows_more: bool = True) -> None:
    """Hold each page against itself; `shows_more` unless only the beginning of a list ever stands on it."""
    grow(FEW)
    before = {path: look(browser, path) for path in paths}
    grow(MANY)
    after = {path: look(browser, path) for path in paths}
    if shows_more:
        assert [path for path in paths if after[path][1] <= before[path][1]] == [], "shows no more than before"
    assert {path: after[path][0] for path in paths} == {path: before[path][0] for path in paths}


def usccs(places: range) -> list[str]:
    """Return codes of units that nobody has."""
    bodies = [f"91110108MA{place:07d}" for place in places]
    return [body + check_characters.uscc(body) for body in bodies]


def services_and_notices(places: range) -> None:
    for place in places:
        audience = ("natural", "legal")[place % 2]
        make_service(
            f"service-{place}",
            name=f"示例事项{place}",
            audience=audience,
            category=f"类别{place}",
            client_id="" if place % 2 else "hnte",
            how_to_apply="请到窗口。",
            search_text=fold(f"示例事项{place}"),
            position=place,
        )
        Notice.objects.create(
            slug=f"notice-{place}",
            title=f"示例公告{place}",
            body="正文。",
            published_at=clock.now() - timedelta(days=place + 1),
            search_text=fold(f"示例公告{place}"),
        )


@pytest.mark.parametrize("who", ["nobody", "natural", "legal"])
def test_the_hall(who: str) -> None:
    account = {"natural": people.some_person, "legal": people.some_unit}[who]() if who != "nobody" else None
    paths = ["/", "/services/", "/services/for/natural/", "/services/for/legal/", "/guides/", "/notices/"]
    cost_no_more_when_there_is_more(services_and_notices, browser_of(account), *paths, "/search/?q=示例")


def cases_of(account: Account) -> Grow:
    """Make verifications and reviewed cases."""

    def grow(places: range) -> None:
        for place in places:
            Verification.objects.create(
                account=account, block="person", digest=f"d{place}", submitted_at=clock.now(),
                result="no_record", decided_at=clock.now(),
            )  # fmt: skip
            a_case(account_id=account.id, subjects={"document": f"resident_id:{resident_id(place).number}"})

    return grow


def messages_to(account: Account) -> Grow:
    def grow(places: range) -> None:
        for _ in places:
            post_message(account_id=account.id, template="verified", params={})

    return grow


def sessions_of(account: Account) -> Grow:
    def grow(places: range) -> None:
        for _ in places:
            browser_of(account)

    return grow


def consents_of(account: Account) -> Grow:
    """Let the account agree to what ever more business systems ask for."""
    make_client("first")

    def grow(places: range) -> None:
        for place in places:
            client = RelyingParty.objects.get(client_id="first")
            client.id, client.client_id, client.name = new_id(), f"client-{place}", f"业务系统{place}"
            client.save(force_insert=True)
            Grant.objects.create(account=account, client=client, scopes="openid profile", purpose="核对")

    return grow


OWN: dict[str, tuple[Callable[[Account], Grow], list[str]]] = {
    "cases": (cases_of, ["/account/cases/"]),
    "messages": (messages_to, ["/account/messages/"]),
    "sessions": (sessions_of, ["/account/security/"]),
    "consents": (consents_of, ["/account/consents/"]),
}


@pytest.mark.parametrize(("made", "paths"), OWN.values(), ids=OWN)
def test_what_is_ones_own(made: Callable[[Account], Grow], paths: list[str]) -> None:
    account = people.some_person()
    cost_no_more_when_there_is_more(made(account), browser_of(account), *paths)


def test_my_account_whatever_there_is() -> None:
    account = people.some_person()
    growing = [made(account) for made, _paths in OWN.values()]

    def grow(places: range) -> None:
        for one in growing:
            one(places)

    cost_no_more_when_there_is_more(
        grow, browser_of(account), "/account/", "/account/profile/", "/services/", shows_more=False
    )


@pytest.fixture
def _services() -> None:
    people.some_services()


@pytest.mark.usefixtures("_services")
def test_mandates_of_a_person() -> None:
    """Offers that wait, mandates that stand, requests, and what has ended."""
    person = people.some_person()

    def grow(places: range) -> None:
        for place, uscc in zip(places, usccs(places), strict=True):
            account = somebody(f"unit-{place}", f"138001{place:05d}", Realm.LEGAL)
            unit = people.verify_unit(account, uscc=uscc, name=f"第{place}示例公司")
            end(actor=unit, mandate_id=people.given(unit, person).id)
            people.given(unit, person)
            people.offered(unit, people.TSME)
        for uscc in usccs(range(places.start + 1000, places.stop + 1000)):
            ask_unit(actor=person, uscc=Uscc.parse(uscc), services=[people.HNTE])

    cost_no_more_when_there_is_more(grow, browser_of(person), "/account/mandates/", "/account/mandates/history/?page=1")


@pytest.mark.usefixtures("_services")
def test_mandates_of_a_unit() -> None:
    unit = people.some_unit()

    def grow(places: range) -> None:
        for place in places:
            person = people.some_person(f"person-{place}", f"138002{place:05d}", "李四", resident_id(place).number)
            end(actor=unit, mandate_id=people.given(unit, person).id)
            people.given(unit, person)
            people.offered(unit, people.TSME, contact=f"138003{place:05d}")
            ask_unit(actor=person, uscc=Uscc.parse(people.USCC), services=[people.TSME])

    cost_no_more_when_there_is_more(grow, browser_of(unit), "/account/representatives/", "/account/mandates/history/")


@pytest.mark.usefixtures("_services")
def test_for_whom_to_enter_a_business_system() -> None:
    person, rp = people.some_person(), Rp(make_client("hnte"))

    def grow(places: range) -> None:
        for place, uscc in zip(places, usccs(places), strict=True):
            account = somebody(f"unit-{place}", f"138001{place:05d}", Realm.LEGAL)
            people.given(people.verify_unit(account, uscc=uscc, name=f"第{place}示例公司"), person)

    path = rp.address().replace("/authorize?", "/act-as?")
    cost_no_more_when_there_is_more(grow, browser_of(person), path)


def test_the_desk() -> None:
    clerk = member("reviewer.li", Role.REVIEWER)

    def grow(places: range) -> None:
        for place in places:
            case = a_case(subjects={"document": f"resident_id:{resident_id(place).number}"})
            if place % 3 == 0:
                claim_case(reviewer=clerk, case_id=case.id)

    cost_no_more_when_there_is_more(grow, browser_of(clerk), "/desk/")


def test_a_case_with_a_long_history() -> None:
    clerk, citizen = member("reviewer.li", Role.REVIEWER), people.some_person()
    case: Case = a_case(account_id=citizen.id, evidence=[new_id()])
    claim_case(reviewer=clerk, case_id=case.id)

    def grow(places: range) -> None:
        for place in places:
            add_note(reviewer=clerk, case_id=case.id, text=f"第{place}条备注")
            a_case(account_id=citizen.id)

    cost_no_more_when_there_is_more(grow, browser_of(clerk), f"/desk/cases/{case.id}/")


def test_figures() -> None:
    def grow(places: range) -> None:
        for _ in places:
            a_case()

    auditor = member("auditor.li", Role.AUDITOR)
    cost_no_more_when_there_is_more(grow, browser_of(auditor), "/desk/statistics/", shows_more=False)


def test_staff() -> None:
    operator, another = member("operator.li", Role.OPERATOR), member("operator.wang", Role.OPERATOR)

    def grow(places: range) -> None:
        for place in places:
            colleague = member(f"reviewer-{place}", Role.REVIEWER, Role.AUDITOR, enrolled=place % 2 == 0)
            if place % 3:
                Suspension.objects.create(account=colleague, reason="离岗", by=another)
            ResetRequest.objects.create(
                account=colleague, what=InvitationKind.FACTOR, reason="手机丢失", requested_by=another
            )

    cost_no_more_when_there_is_more(grow, browser_of(operator), "/desk/staff/")


def test_an_account_that_was_often_suspended() -> None:
    operator, citizen = member("operator.li", Role.OPERATOR), people.some_person()

    def grow(places: range) -> None:
        for _ in places:
            Suspension.objects.create(
                account=citizen, reason="核实中", by=operator, ended_at=clock.now(), ended_by=operator,
                ended_reason="已核实",
            )  # fmt: skip

    cost_no_more_when_there_is_more(grow, browser_of(operator), f"/desk/accounts/{citizen.id}/")


def test_transfers() -> None:
    operator = member("operator.li", Role.OPERATOR)
    batch = Batch.objects.create(kind="units", file_name="first.csv", file_digest="0")

    def grow(places: range) -> None:
        for place in places:
            Batch.objects.create(kind="units", file_name=f"file-{place}.csv", file_digest=str(place + 1))
            BadRow.objects.create(batch=batch, row=place + 1, column="uscc", reason="transfer.unit_type", sample="9***")

    cost_no_more_when_there_is_more(grow, browser_of(operator), "/desk/transfers/", f"/desk/transfers/{batch.id}/")
