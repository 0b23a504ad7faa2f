"""Thirty callers at the same moment: both sides, and the rules of the transfer."""

from collections import Counter
from collections.abc import Sequence

import pytest

from tests.parallel import in_parallel
from tests.unit.mandates.people import HNTE, SYSTEM, TSME, USCC, another_person, given, offered
from tongban.accounts.models import Account
from tongban.audit.models import Event
from tongban.kernel.uscc import Uscc
from tongban.mandates import queries
from tongban.mandates.errors import AlreadyGranted, AlreadyWaiting, NotLive, NotWaiting
from tongban.mandates.flows.accept import accept, decline
from tongban.mandates.flows.approve import approve
from tongban.mandates.flows.end import end
from tongban.mandates.flows.expire import expire
from tongban.mandates.flows.grant import grant
from tongban.mandates.flows.request import request
from tongban.mandates.flows.tell_offers import tell_offers
from tongban.mandates.flows.withdraw import withdraw
from tongban.mandates.models import BEGUN, Mandate
from tongban.notify.models import InSiteMessage

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 30


def outcomes(results: Sequence[object]) -> Counter[object]:
    return Counter(type(result) for result in results)


def test_an_offer_is_accepted_declined_or_withdrawn(unit: Account, person: Account) -> None:
    bundle = offered(unit, HNTE, TSME)

    def act(number: int) -> None:
        if number % 3 == 0:
            accept(actor=person, bundle=bundle)
        elif number % 3 == 1:
            decline(actor=person, bundle=bundle)
        else:
            withdraw(actor=unit, bundle=bundle)

    assert outcomes(in_parallel(MANY, act))[NotWaiting] == MANY - 1
    rows = Mandate.objects.all()
    assert len({(row.holder_id, row.ended_reason) for row in rows}) == 1, "both services went the same way"
    assert bool(rows[0].holder_id) != bool(rows[0].ended_at)


def test_many_offers_for_the_same_leave_one_mandate(unit: Account, person: Account) -> None:
    by_phone, by_name = offered(unit), offered(unit, contact=person.login_name)
    results = in_parallel(MANY, lambda number: accept(actor=person, bundle=by_phone if number % 2 else by_name))
    assert outcomes(results) == {list: 2, NotWaiting: MANY - 2}
    assert Mandate.objects.filter(BEGUN).count() == 1
    assert len(queries.held(person, [HNTE])) == 1


def test_accepting_approving_and_granting_leave_one_mandate_of_each(unit: Account, person: Account) -> None:
    bundle = offered(unit, HNTE, TSME)
    wish = request(actor=person, uscc=Uscc(USCC), services=[TSME])

    def act(number: int) -> object:
        if number % 3 == 0:
            return accept(actor=person, bundle=bundle)
        if number % 3 == 1:
            return approve(actor=unit, bundle=wish, days=30)
        return grant(
            actor=SYSTEM, holder=person, uscc=Uscc(USCC), services=[HNTE, TSME], days=30, rule=f"rule {number % 2}"
        )

    results = in_parallel(MANY, act)
    assert set(outcomes(results)) <= {list, NotWaiting, AlreadyGranted}, results
    assert sorted(row.service for row in Mandate.objects.filter(BEGUN)) == [HNTE, TSME]
    begun = Event.objects.filter(name="mandates:mandate:begun").count()
    assert begun == outcomes(results)[list]


def test_a_rule_gives_once(unit: Account, person: Account) -> None:
    other = another_person()

    def act(number: int) -> object:
        holder = person if number % 2 else other
        return grant(actor=SYSTEM, holder=holder, uscc=Uscc(USCC), services=[HNTE], days=30, rule="once")

    assert outcomes(in_parallel(MANY, act)) == {list: 1, AlreadyGranted: MANY - 1}
    assert Mandate.objects.count() == 1
    assert InSiteMessage.objects.filter(template="mandate_granted_unit").count() == 1


def test_a_mandate_ends_once(unit: Account, person: Account) -> None:
    mandate = given(unit, person)

    def act(number: int) -> object:
        return expire() if number % 5 == 0 else end(actor=unit if number % 2 else person, mandate_id=mandate.id)

    results = outcomes(in_parallel(MANY, act))
    assert (results[Mandate], results[NotLive]) == (1, MANY - 6 - 1)
    assert Event.objects.filter(name="mandates:mandate:ended").count() == 1


def test_giving_again_and_ending_leave_what_the_database_allows(unit: Account, person: Account) -> None:
    mandate = given(unit, person)
    bundle = offered(unit)

    def act(number: int) -> object:
        return end(actor=unit, mandate_id=mandate.id) if number % 2 else accept(actor=person, bundle=bundle)

    results = outcomes(in_parallel(MANY, act))
    assert results[list] == 1
    mandate.refresh_from_db()
    assert mandate.ended_reason in {"by_unit", "replaced"}
    assert Mandate.objects.filter(BEGUN).count() == 1


def test_the_same_offer_and_the_same_request_wait_once(unit: Account, person: Account) -> None:
    offers = in_parallel(10, lambda _: offered(unit))
    assert outcomes(offers)[AlreadyWaiting] == 9
    requests = in_parallel(10, lambda _: request(actor=person, uscc=Uscc(USCC), services=[TSME]))
    assert outcomes(requests)[AlreadyWaiting] == 9
    assert Mandate.objects.count() == 2


def test_many_workers_tell_of_an_offer_once(unit: Account, person: Account) -> None:
    offered(unit)
    in_parallel(10, lambda _: tell_offers())
    assert InSiteMessage.objects.filter(template="mandate_offered").count() == 1
