"""How mandates come about and end, what each side is told, and what attackers try."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.journeys.people import somebody
from tests.moved_clock import MovedClock
from tests.unit.mandates.people import (
    HNTE,
    OTHER_NUMBER,
    OTHER_USCC,
    PHONE,
    SYSTEM,
    TSME,
    USCC,
    another_person,
    another_unit,
    given,
    offered,
    some_person,
    verify_person,
    verify_unit,
)
from tongban.accounts.errors import ChangeMustWait
from tongban.accounts.flows import bind
from tongban.accounts.models import Account, Suspension
from tongban.accounts.queries import live_binding
from tongban.accounts.rules import IdentityKind, Realm
from tongban.audit.models import Event
from tongban.catalogue.models import Service
from tongban.challenge.errors import TooManyRequests
from tongban.kernel.names import PersonName
from tongban.kernel.uscc import Uscc
from tongban.mandates import errors, queries
from tongban.mandates.flows.accept import accept, decline
from tongban.mandates.flows.approve import approve, refuse
from tongban.mandates.flows.end import end
from tongban.mandates.flows.expire import expire
from tongban.mandates.flows.forget import forget
from tongban.mandates.flows.grant import grant
from tongban.mandates.flows.offer import offer
from tongban.mandates.flows.remind import remind
from tongban.mandates.flows.request import request
from tongban.mandates.flows.tell_offers import tell_offers
from tongban.mandates.flows.withdraw import withdraw
from tongban.mandates.models import ADDRESS_DOMAIN, Mandate
from tongban.mandates.rules import EndReason, Origin, last_moment
from tongban.notify.models import InSiteMessage, Sms
from tongban.recovery.models import Recovery
from tongban.vault import blind_index

pytestmark = pytest.mark.django_db
Ask = Callable[..., UUID]


def asked(person: Account, *services: str, uscc: str = USCC) -> UUID:
    return request(actor=person, uscc=Uscc.parse(uscc), services=services or (HNTE,))


def granted(person: Account, *services: str, rule: str = "test") -> list[Mandate]:
    return grant(actor=SYSTEM, holder=person, uscc=Uscc(USCC), services=services or (HNTE, TSME), days=365, rule=rule)


def messages(account: Account) -> list[str]:
    return list(InSiteMessage.objects.filter(account_id=account.id).order_by("id").values_list("template", flat=True))


def news(account: Account) -> list[str]:
    """Return the messages about mandates."""
    return [name for name in messages(account) if name.startswith("mandate")]


def sms() -> set[str]:
    return set(Sms.objects.filter(template__startswith="mandate").values_list("template", flat=True))


def may(person: Account, *services: str) -> list[str]:
    return [mandate.service for mandate in queries.held(person, services or (HNTE, TSME))]


def suspend(account: Account) -> None:
    Suspension.objects.create(account=account, reason="test")


def test_an_offer_takes_effect_when_it_is_accepted(unit: Account, person: Account) -> None:
    bundle = offered(unit, HNTE, TSME)
    assert may(person) == []
    assert {row.service for row in queries.offers_to(person)} == {HNTE, TSME}
    rows = accept(actor=person, bundle=bundle)
    assert sorted(may(person)) == [HNTE, TSME]
    assert {row.origin for row in rows} == {Origin.OFFERED}
    assert not queries.offers_to(person).exists()
    assert news(unit) == ["mandate_accepted"]
    row = Mandate.objects.filter(bundle=bundle).first()
    assert row is not None
    assert (row.name, row.contact, row.address_index) == (None, None, None), "the address has served"
    assert set(Event.objects.filter(subject=bundle).values_list("name", flat=True)) == {
        "mandates:mandate:offered",
        "mandates:mandate:begun",
    }


@pytest.mark.parametrize("contact", [PHONE, "+86 138-0000-0001", "zhang.san", " ZHANG.SAN "])
def test_an_offer_reaches_phone_and_login_name_however_they_are_written(
    unit: Account, person: Account, contact: str
) -> None:
    assert queries.offers_to(person).count() == 0
    offered(unit, contact=contact)
    assert queries.offers_to(person).count() == 1


@pytest.mark.parametrize(("name", "contact"), [("张四", PHONE), ("张三", "13800000009"), ("张三", "zhang.si")])
def test_an_offer_to_somebody_else_is_not_seen(unit: Account, person: Account, name: str, contact: str) -> None:
    bundle = offered(unit, name=name, contact=contact)
    assert not queries.offers_to(person).exists()
    with pytest.raises(errors.NotWaiting):
        accept(actor=person, bundle=bundle)
    with pytest.raises(errors.NotWaiting):
        decline(actor=person, bundle=bundle)
    tell_offers()
    assert news(person) == []


def test_a_phone_that_was_not_proved_reaches_nobody(unit: Account, person: Account) -> None:
    bundle = offered(unit)
    person.phone_proved_at = None
    assert not queries.offers_to(person).exists()
    with pytest.raises(errors.NotWaiting):
        accept(actor=person, bundle=bundle)


def test_who_is_verified_later_finds_the_offer(unit: Account) -> None:
    bundle = offered(unit)
    newcomer = somebody("zhang.san", PHONE)
    assert queries.addresses(newcomer) == []
    with pytest.raises(errors.HolderNotVerified):
        accept(actor=newcomer, bundle=bundle)
    accept(actor=verify_person(newcomer), bundle=bundle)
    assert may(newcomer) == [HNTE]


def test_making_an_offer_costs_and_says_the_same_whoever_exists(unit: Account, person: Account) -> None:
    def statements(name: str, contact: str) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            offered(unit, name=name, contact=contact)
        return [query["sql"].split(" ")[0] + query["sql"].partition("FROM")[2][:30] for query in captured]

    first = statements("王五", "13811111111")  # the first of the day makes the counters' rows
    known, unknown, misnamed = statements("张三", PHONE), statements("王五", "13822222222"), statements("张四", PHONE)
    assert first
    assert known == unknown == misnamed
    assert not any("accounts_account" in statement for statement in known), "nobody is looked up"
    assert InSiteMessage.objects.filter(template__startswith="mandate").count() == 0
    rows = Mandate.objects.all()
    assert {(row.holder_id, row.told_at, row.ended_at) for row in rows} == {(None, None, None)}


def test_the_worker_tells_whom_an_offer_is_addressed_to(unit: Account, person: Account) -> None:
    offered(unit, HNTE, TSME)
    offered(unit, name="王五", contact="13811111111")
    assert tell_offers() == 2
    assert news(person) == ["mandate_offered"]
    assert Sms.objects.filter(template="mandate_offered").count() == 1
    assert tell_offers() == 0


def test_the_worker_tells_no_suspended_account(unit: Account, person: Account) -> None:
    offered(unit, contact="zhang.san")
    suspend(person)
    tell_offers()
    assert news(person) == []


def test_an_offer_is_declined(unit: Account, person: Account) -> None:
    bundle = offered(unit)
    decline(actor=person, bundle=bundle)
    assert news(unit) == ["mandate_declined"]
    with pytest.raises(errors.NotWaiting):
        accept(actor=person, bundle=bundle)
    assert Mandate.objects.get().ended_reason == EndReason.DECLINED
    offered(unit)


def test_only_who_offered_takes_back(unit: Account, person: Account) -> None:
    bundle = offered(unit)
    for stranger in (person, another_unit()):
        with pytest.raises(errors.NotWaiting):
            withdraw(actor=stranger, bundle=bundle)
    withdraw(actor=unit, bundle=bundle)
    with pytest.raises(errors.NotWaiting):
        accept(actor=person, bundle=bundle)
    with pytest.raises(errors.NotWaiting):
        withdraw(actor=unit, bundle=bundle)


def test_the_same_offer_waits_once(unit: Account) -> None:
    offered(unit)
    with pytest.raises(errors.AlreadyWaiting):
        offered(unit, TSME, HNTE)
    assert Mandate.objects.count() == 1, "all of an offer or nothing"
    offered(unit, TSME)


def test_a_new_mandate_takes_the_place_of_the_old(unit: Account, person: Account) -> None:
    first = given(unit, person)
    other = given(unit, person, TSME)
    second = given(unit, person, days=30)
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.ended_reason, other.ended_reason) == (EndReason.REPLACED, "")
    assert [mandate.id for mandate in queries.held(person, [HNTE])] == [second.id]


@pytest.mark.parametrize(
    ("services", "error"),
    [
        ((), errors.ServiceNotOffered),
        (("nothing",), errors.ServiceNotOffered),
        ((HNTE, "talent"), errors.ServiceNotOffered),
        (("on-paper",), errors.ServiceNotOffered),
    ],
)
def test_only_services_that_are_entered_for_units_are_given(
    unit: Account, person: Account, services: Sequence[str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        offer(actor=unit, name=PersonName.parse("张三"), contact=PHONE, services=services, days=30)
    with pytest.raises(error):
        request(actor=person, uscc=Uscc(USCC), services=services)
    with pytest.raises(error):
        grant(actor=SYSTEM, holder=person, uscc=Uscc(USCC), services=services, days=30, rule="test")


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_term_is_bounded(unit: Account, person: Account, days: int) -> None:
    with pytest.raises(errors.TermRefused) as refusal:
        offered(unit, days=days)
    assert refusal.value.params == {"longest": 365}
    with pytest.raises(errors.TermRefused):
        approve(actor=unit, bundle=asked(person), days=days)
    assert Mandate.objects.filter(unit__isnull=False).count() == 0


def test_a_term_ends_at_midnight_in_beijing() -> None:
    now = datetime.fromisoformat("2026-11-23T17:30:00+00:00")  # half past one on the 24th in Beijing
    until = last_moment(now, days=1, longest=1)
    assert until.isoformat() == "2026-11-26T00:00:00+08:00"
    assert Mandate(until=until).last_day == datetime(2026, 11, 25).date()  # noqa: DTZ001 - a calendar's day
    assert Mandate().last_day is None


def test_only_the_verified_give_and_hold(unit: Account, person: Account) -> None:
    claims_to_be, nobody = somebody("unit.new", "13800000005", Realm.LEGAL), somebody("new", "13800000006")
    for giver in (claims_to_be, nobody, person):
        with pytest.raises(errors.UnitNotVerified):
            offered(giver)
    for asking in (nobody, claims_to_be, unit):
        with pytest.raises(errors.HolderNotVerified):
            asked(asking)
    with pytest.raises(errors.HolderNotVerified):
        granted(nobody)
    with pytest.raises(errors.UnitNotVerified):
        approve(actor=claims_to_be, bundle=asked(person), days=30)
    with pytest.raises(errors.UnitNotVerified):
        grant(actor=SYSTEM, holder=person, uscc=Uscc(OTHER_USCC), services=[HNTE], days=30, rule="test")


def test_a_request_is_approved_by_the_unit_and_by_no_other(unit: Account, person: Account) -> None:
    bundle = asked(person, HNTE, TSME)
    assert news(unit) == ["mandate_requested"]
    stranger = another_unit()
    for act in (lambda: approve(actor=stranger, bundle=bundle, days=30), lambda: refuse(actor=stranger, bundle=bundle)):
        with pytest.raises(errors.NotWaiting):
            act()
    with pytest.raises(errors.NotWaiting):
        approve(actor=unit, bundle=uuid4(), days=30)
    rows = approve(actor=unit, bundle=bundle, days=30)
    assert sorted(may(person)) == [HNTE, TSME]
    assert {row.origin for row in rows} == {Origin.REQUESTED}
    assert news(person) == ["mandate_approved"]
    with pytest.raises(errors.NotWaiting):
        approve(actor=unit, bundle=bundle, days=30)
    with pytest.raises(errors.AlreadyHeld):
        asked(person)


def test_a_request_is_refused_or_taken_back(unit: Account, person: Account) -> None:
    refuse(actor=unit, bundle=asked(person))
    assert news(person) == ["mandate_refused"]
    bundle = asked(person)
    with pytest.raises(errors.AlreadyWaiting):
        asked(person)
    with pytest.raises(errors.NotWaiting):
        withdraw(actor=unit, bundle=bundle)
    withdraw(actor=person, bundle=bundle)
    assert not queries.requests_to(unit).exists()
    assert Sms.objects.filter(template="mandate_requested").count() == 1, "one SMS a day, however often it is asked"


def test_a_request_to_a_unit_nobody_is_verified_for_waits_for_it(person: Account) -> None:
    bundle = asked(person)
    late = verify_unit(somebody("unit.late", "13800000007", Realm.LEGAL))
    assert [row.bundle for row in queries.requests_to(late)] == [bundle]
    approve(actor=late, bundle=bundle, days=30)
    assert may(person) == [HNTE]


def test_a_request_may_say_that_a_transfer_is_why(unit: Account, person: Account) -> None:
    bundle = request(actor=person, uscc=Uscc(USCC), services=[HNTE], origin=Origin.TRANSFER)
    rows = approve(actor=unit, bundle=bundle, days=30)
    assert rows[0].origin == Origin.TRANSFER
    granted(person)


def test_a_rule_gives_once_to_the_first(unit: Account, person: Account) -> None:
    assert [row.service for row in granted(person)] == [HNTE, TSME]
    assert (news(unit), news(person)) == (["mandate_granted_unit"], ["mandate_granted"])
    with pytest.raises(errors.AlreadyGranted):
        granted(another_person())
    end(actor=unit, mandate_id=queries.held(person, [HNTE])[0].id)
    with pytest.raises(errors.AlreadyGranted):
        granted(person)
    assert may(person) == [TSME], "what failed changed nothing"
    granted(person, rule="another")


def test_either_side_ends_it_and_no_other(unit: Account, person: Account) -> None:
    mandate = given(unit, person)
    for stranger in (another_unit(), another_person()):
        with pytest.raises(errors.NotLive):
            end(actor=stranger, mandate_id=mandate.id)
    with pytest.raises(errors.NotLive):
        end(actor=unit, mandate_id=uuid4())
    end(actor=unit, mandate_id=mandate.id)
    assert (may(person), news(person)) == ([], ["mandate_ended_by_unit"])
    with pytest.raises(errors.NotLive):
        end(actor=person, mandate_id=mandate.id)
    end(actor=person, mandate_id=given(unit, person).id)
    assert news(unit)[-1] == "mandate_ended_by_holder"
    assert [row.ended_reason for row in queries.past(person)] == ["by_holder", "by_unit"]
    assert queries.past(unit).count() == 2


def test_an_offer_is_no_mandate_to_end(unit: Account) -> None:
    offered(unit)
    with pytest.raises(errors.NotLive):
        end(actor=unit, mandate_id=Mandate.objects.get().id)


def test_after_a_recovery_rights_are_not_given_but_taken(unit: Account, person: Account, settings: Any) -> None:
    settings.RECOVERY_QUIET_HOURS = 24
    mandate, bundle, wish = given(unit, person), offered(unit, TSME), asked(another_person())
    Recovery.objects.create(account=unit, way="reset")
    Recovery.objects.create(account=person, way="reset")
    acts: list[Callable[[], object]] = [
        lambda: offered(unit, name="王五"),
        lambda: approve(actor=unit, bundle=wish, days=30),
        lambda: accept(actor=person, bundle=bundle),
    ]
    for act in acts:
        with pytest.raises(ChangeMustWait):
            act()
    end(actor=unit, mandate_id=mandate.id)


@pytest.mark.parametrize("lost", ["unit suspended", "person suspended", "expired"])
def test_a_right_rests_at_once(unit: Account, person: Account, clock: MovedClock, lost: str) -> None:
    mandate = given(unit, person, days=30)
    assert queries.stands(mandate.id)
    if lost == "expired":
        clock.forward(days=31)
    else:
        suspend(unit if lost == "unit suspended" else person)
    assert not queries.stands(mandate.id)
    assert may(person) == []
    Suspension.objects.update(ended_at=clock.now, ended_reason=Suspension.objects.values_list("reason")[:1])
    assert queries.stands(mandate.id) == (lost != "expired"), "a suspension that is lifted gives it back"


def test_offers_of_a_suspended_unit_rest(unit: Account, person: Account) -> None:
    bundle = offered(unit)
    suspend(unit)
    with pytest.raises(errors.NotWaiting):
        accept(actor=person, bundle=bundle)


def test_requests_of_a_suspended_person_rest(unit: Account, person: Account) -> None:
    bundle = asked(person)
    suspend(person)
    with pytest.raises(errors.NotWaiting):
        approve(actor=unit, bundle=bundle, days=30)


def released(account: Account, kind: IdentityKind) -> None:
    binding = live_binding(account, kind)
    assert binding
    bind.release(actor=SYSTEM, binding=binding, reason="impostor")


def test_a_unit_that_is_released_gives_nothing_any_more(unit: Account, person: Account) -> None:
    mandate, bundle = given(unit, person), offered(unit, TSME)
    released(unit, IdentityKind.UNIT)
    mandate.refresh_from_db()
    assert mandate.ended_reason == EndReason.UNIT_LOST
    assert not Mandate.objects.filter(bundle=bundle, ended_at__isnull=True).exists()
    assert news(person)[-1] == "mandate_lost"
    rightful = verify_unit(somebody("unit.right", "13800000008", Realm.LEGAL))
    assert may(person) == [], "the rightful owner gives anew, or not"
    assert not queries.live_of_unit(rightful).exists()


def test_a_person_who_is_released_holds_nothing_any_more(unit: Account, person: Account) -> None:
    given(unit, person)
    asked(person, TSME)
    released(person, IdentityKind.DOCUMENT)
    assert set(Mandate.objects.values_list("ended_reason", flat=True)) == {EndReason.HOLDER_LOST}
    assert news(unit)[-1] == "mandate_lost_unit"
    verify_person(person)
    assert may(person) == []


def test_an_account_that_becomes_somebody_else_keeps_nothing(unit: Account, person: Account) -> None:
    mandate = given(unit, person)
    verify_person(person, name="张三丰")
    assert queries.stands(mandate.id), "the same number: the same person"
    verify_person(person, name="李四", number=OTHER_NUMBER)
    mandate.refresh_from_db()
    assert mandate.ended_reason == EndReason.HOLDER_LOST


def test_an_account_that_becomes_another_unit_keeps_nothing(unit: Account, person: Account) -> None:
    mandate = given(unit, person)
    verify_unit(unit, name="北京改名科技有限公司")
    assert queries.stands(mandate.id), "the same code: the same unit"
    verify_unit(unit, uscc=OTHER_USCC, name="北京另一科技有限公司")
    mandate.refresh_from_db()
    assert mandate.ended_reason == EndReason.UNIT_LOST


def test_what_is_over_is_ended_and_told(unit: Account, person: Account, clock: MovedClock) -> None:
    given(unit, person, HNTE, TSME, days=30)
    clock.forward(days=20)
    assert remind() == 2
    assert remind() == 0
    offered(unit, name="王五", days=90)
    asked(another_person(), uscc=OTHER_USCC)
    clock.forward(days=12)
    assert expire() == 2
    assert news(person) == ["mandate_ending", "mandate_expired"]
    assert news(unit) == ["mandate_accepted", "mandate_ending_unit", "mandate_expired_unit"]
    clock.forward(days=20)
    assert expire() == 2
    assert news(unit)[-1] == "mandate_lapsed_offer"
    assert expire() == 0
    assert set(Mandate.objects.values_list("ended_reason", flat=True)) == {"expired", "lapsed"}


def test_an_offer_that_nobody_answered_in_time_is_none(unit: Account, person: Account, clock: MovedClock) -> None:
    bundle, wish = offered(unit), asked(person, TSME)
    clock.forward(days=31)
    with pytest.raises(errors.NotWaiting):
        accept(actor=person, bundle=bundle)
    with pytest.raises(errors.NotWaiting):
        approve(actor=unit, bundle=wish, days=30)


def test_addresses_of_old_offers_are_forgotten(unit: Account, clock: MovedClock) -> None:
    withdraw(actor=unit, bundle=offered(unit))
    assert forget() == 0
    clock.forward(days=181)
    assert forget() == 1
    assert Mandate.objects.get().name is None


def test_offers_and_requests_are_limited(unit: Account, person: Account, settings: Any) -> None:
    settings.MANDATE_OFFERS_PER_UNIT, settings.MANDATE_REQUESTS_PER_PERSON = "1/d", "1/d"
    offered(unit)
    asked(person)
    with pytest.raises(TooManyRequests):
        offered(unit, TSME)
    with pytest.raises(TooManyRequests):
        asked(person, TSME)


def test_a_service_that_was_withdrawn_keeps_its_name(unit: Account, person: Account) -> None:
    Service.objects.filter(slug=HNTE).update(withdrawn_at=Service.objects.values_list("loaded_at")[:1])
    assert queries.service_names([HNTE, "gone"]) == {HNTE: "高企认定"}
    with pytest.raises(errors.ServiceNotOffered):
        offered(unit)


def test_units_and_staff_hold_nothing(unit: Account) -> None:
    assert queries.held(unit, [HNTE]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": None},
        {"until": None},
        {"holder": None},
        {"holder_agreed_at": None},
        {"unit": None, "unit_agreed_at": None, "holder": None, "holder_agreed_at": None},
        {"ended_reason": "expired"},
        {"ended_at": datetime.fromisoformat("2030-01-01T00:00:00+00:00")},
        {"rule": "test"},
        {"origin": "bought"},
        {"ended_at": datetime.fromisoformat("2030-01-01T00:00:00+00:00"), "ended_reason": "whim"},
        {"until": datetime.fromisoformat("2020-01-01T00:00:00+00:00")},
    ],
)
def test_the_database_keeps_what_a_mandate_is(unit: Account, person: Account, changes: dict[str, Any]) -> None:
    mandate = given(unit, person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(id=mandate.id).update(**changes)


def test_the_database_keeps_one_live_mandate(unit: Account, person: Account) -> None:
    mandate = given(unit, person)
    twin = Mandate.objects.get(id=mandate.id)
    twin.id = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_the_time_of_day_decides_nothing(unit: Account, person: Account, clock: MovedClock) -> None:
    mandate = given(unit, person, days=1)
    assert mandate.until
    clock.now = mandate.until - timedelta(milliseconds=1)
    assert queries.stands(mandate.id)
    clock.now = mandate.until
    assert not queries.stands(mandate.id)


def test_people_of_one_phone_are_told_apart_by_name(unit: Account, person: Account) -> None:
    namesake = some_person("li.si", PHONE, "李四", OTHER_NUMBER)
    offered(unit, name="李四")
    tell_offers()
    assert (news(person), news(namesake)) == ([], ["mandate_offered"])


@pytest.mark.parametrize("contact", [PHONE, "Zhang.San"])
def test_an_address_is_found_again_under_a_new_key(unit: Account, person: Account, contact: str) -> None:
    bundle = offered(unit, contact=contact)
    row = Mandate.objects.get(bundle=bundle)
    text = row.address_text()
    assert text in queries.addresses(person)
    assert row.address_index == blind_index.of(ADDRESS_DOMAIN, str(text))
    (accepted,) = accept(actor=person, bundle=bundle)
    assert accepted.address_text() is None
