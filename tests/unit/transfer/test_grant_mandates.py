"""E4's mandates: granted by themselves, once, to the first; what else happens gives nothing."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.db import transaction
from pytest_django import Settings

from tests.journeys.people import somebody
from tests.journeys.transferred import USCC, transferred
from tests.parallel import in_parallel
from tests.unit.mandates import people
from tongban.accounts.flows.prove_phone import prove_phone
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.mandates import queries as mandates
from tongban.mandates.models import Mandate
from tongban.notify.queries import messages_for
from tongban.transfer import queries
from tongban.transfer.errors import NotBroughtOver
from tongban.transfer.flows.ask_unit import ask_unit
from tongban.transfer.flows.grant_mandates import grant_mandates
from tongban.transfer.models import LegacyAccount
from tongban.transfer.rules import Outcome

SERVICES = [people.HNTE, people.TSME]
SYSTEM = Actor.system()


@pytest.fixture
def unit(db: None) -> Account:
    people.some_services()
    return people.verify_unit(somebody("unit.one", "13800000002", Realm.LEGAL), uscc=USCC)


def held(account: Account) -> int:
    return len(mandates.held(account, SERVICES))


@pytest.mark.django_db
class TestGranting:
    def test_both_conditions_in_either_order(self, unit: Account) -> None:
        account = transferred(Outcome.E4)
        people.verify_person(account)
        assert held(account) == 0
        prove_phone(actor=SYSTEM, account=account)
        assert held(account) == 2
        rows = Mandate.objects.filter(holder=account)
        assert {(row.rule, row.origin, row.unit_id) for row in rows} == {("torch-transfer", "transfer", unit.id)}
        assert all(360 < (row.until - row.opened_at).days <= 366 for row in rows if row.until)

    def test_again_changes_nothing(self, unit: Account) -> None:
        account = transferred(Outcome.E4)
        people.verify_person(account)
        prove_phone(actor=SYSTEM, account=account)
        told = len(list(messages_for(unit.id)))
        assert grant_mandates(account_id=account.id) is False
        assert (held(account), len(list(messages_for(unit.id)))) == (2, told)

    @pytest.mark.parametrize("outcome", [Outcome.P1, Outcome.P3])
    def test_other_outcomes_give_nothing(self, unit: Account, outcome: Outcome) -> None:
        account = transferred(outcome)
        people.verify_person(account)
        prove_phone(actor=SYSTEM, account=account)
        assert not Mandate.objects.exists()
        with pytest.raises(NotBroughtOver):
            ask_unit(actor=account)

    def test_who_registered_here_gets_nothing(self, unit: Account) -> None:
        person = people.some_person()
        assert grant_mandates(account_id=person.id) is False
        with pytest.raises(NotBroughtOver):
            ask_unit(actor=person)

    def test_nobody_is_verified_for_the_unit_yet(self, db: None) -> None:
        people.some_services()
        account = transferred(Outcome.E4)
        people.verify_person(account)
        prove_phone(actor=SYSTEM, account=account)
        assert held(account) == 0
        people.verify_unit(somebody("another", "13800000003", Realm.LEGAL), uscc=people.USCC, name="别的公司")
        assert held(account) == 0, "another unit"
        people.verify_unit(somebody("unit.one", "13800000002", Realm.LEGAL), uscc=USCC)
        assert held(account) == 2, "the unit came back: what its holder waited for follows"

    def test_services_the_catalogue_does_not_have_give_nothing(self, unit: Account, settings: Settings) -> None:
        settings.TRANSFER_SERVICES = ["no-such-service"]
        account = transferred(Outcome.E4)
        people.verify_person(account)
        prove_phone(actor=SYSTEM, account=account)
        assert not Mandate.objects.exists()

    def test_the_term_is_never_longer_than_any_may_be(self, unit: Account, settings: Settings) -> None:
        settings.MANDATE_LONGEST_DAYS = 30
        account = transferred(Outcome.E4)
        people.verify_person(account)
        prove_phone(actor=SYSTEM, account=account)
        assert held(account) == 2

    def test_a_number_that_only_looks_like_the_legacy_one_is_compared_openly(self, unit: Account) -> None:
        """The index of the phone may be under another key: what counts is the phone."""
        account = transferred(Outcome.E4)
        LegacyAccount.objects.filter(account_id=account.id).update(phone_index="00000000.older")
        people.verify_person(account)
        prove_phone(actor=SYSTEM, account=account)
        assert held(account) == 2


def _act(account: Account) -> Callable[[int], None]:
    def act(number: int) -> None:
        mine = Account.objects.get(id=account.id)
        if number % 2:
            with transaction.atomic():
                prove_phone(actor=SYSTEM, account=mine)
        else:
            grant_mandates(account_id=mine.id)

    return act


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_events_at_once_grant_once() -> None:
    people.some_services()
    unit = people.verify_unit(somebody("unit.one", "13800000002", Realm.LEGAL), uscc=USCC)
    account = transferred(Outcome.E4)
    people.verify_person(account)
    results = in_parallel(10, _act(account))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert (held(account), Mandate.objects.count()) == (2, 2)
    assert sum("因账号转移" in message.title for message in messages_for(unit.id)) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_one_is_first() -> None:
    """Two accounts can stand for one unit only if rows were moved by hand: even then the rule grants once."""
    people.some_services()
    people.verify_unit(somebody("unit.one", "13800000002", Realm.LEGAL), uscc=USCC)
    first = transferred(Outcome.E4)
    second = transferred(Outcome.E4, uscc=people.USCC, phone="13700137001")
    people.verify_person(first)
    people.verify_person(second, name="李四", number=people.OTHER_NUMBER)
    for account in (first, second):
        Account.objects.filter(id=account.id).update(phone_proved_at=account.transferred_at)
    rows = {row.account_id: row for row in LegacyAccount.objects.all()}
    rows[second.id].uscc = USCC
    with patch.object(queries, "legacy_account_of", rows.get):
        results = in_parallel(10, lambda number: grant_mandates(account_id=(first, second)[number % 2].id))
    assert sorted(results, key=str) == [False] * 9 + [True]
    assert sorted((held(first), held(second))) == [0, 2]
