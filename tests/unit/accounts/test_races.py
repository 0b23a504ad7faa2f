"""Thirty callers at the same moment."""

from collections import Counter
from collections.abc import Sequence

import pytest

from tests.journeys.people import PASSWORD, some_unit, somebody
from tests.parallel import in_parallel
from tests.unit.accounts.test_bind import bind_company, bind_person
from tests.unit.challenge.person import Person
from tongban.accounts.errors import (
    AlreadyBound,
    HumanCheckNeeded,
    LoginNameTaken,
    LogInRefused,
    PasswordWrong,
)
from tongban.accounts.flows import log_in as flow
from tongban.accounts.flows.change_password import change_password
from tongban.accounts.flows.prove_password import PasswordAttempt
from tongban.accounts.flows.register_natural import register_natural
from tongban.accounts.models import Account, Consent, IdentityBinding, LegalProfile
from tongban.accounts.rules import Realm
from tongban.accounts.tally import Tally, forget
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.challenge.errors import CodeRejected
from tongban.kernel.mobile import Mobile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 30


def outcomes(results: Sequence[object]) -> Counter[object]:
    return Counter(type(result) for result in results)


def test_one_login_name_goes_to_one_of_many() -> None:
    people = [
        Person(phone=f"138000000{number:02}", browser=f"b{number}", network=f"n{number}") for number in range(MANY)
    ]
    checked = [person.checks(person.asks_and_reads()) for person in people]

    def register(number: int) -> Account:
        return register_natural(
            actor=Actor.anonymous(),
            login_name="zhang.san" if number % 2 else "ＺＨＡＮＧ.SAN",
            password=PASSWORD,
            phone=Mobile.parse(people[number].phone),
            code=checked[number],
        )

    assert outcomes(in_parallel(MANY, register)) == {Account: 1, LoginNameTaken: MANY - 1}
    assert (Account.objects.count(), Consent.objects.count()) == (1, 2)
    assert Event.objects.filter(name="accounts:account:registered").count() == 1
    assert Event.objects.filter(name="challenge:code:redeemed").count() == 1, "the codes of the others live on"


def test_one_code_opens_one_account() -> None:
    person = Person()
    checked = person.checks(person.asks_and_reads())

    def register(number: int) -> Account:
        return register_natural(
            actor=Actor.anonymous(),
            login_name=f"zhang.{number}",
            password=PASSWORD,
            phone=Mobile.parse(person.phone),
            code=checked,
        )

    assert outcomes(in_parallel(MANY, register)) == {Account: 1, CodeRejected: MANY - 1}
    assert Account.objects.count() == 1


def test_one_document_is_bound_once() -> None:
    accounts = [somebody(f"name.{number}", f"138000000{number:02}") for number in range(2)]
    results = in_parallel(MANY, lambda number: bind_person(accounts[number % 2]))
    assert set(outcomes(results)) <= {IdentityBinding, AlreadyBound}
    live = IdentityBinding.objects.filter(released_at__isnull=True)
    assert live.count() == 1
    winner = live.get().account_id
    assert {result.account_id for result in results if isinstance(result, IdentityBinding)} == {winner}


def test_one_unit_is_bound_once_and_the_rivals_are_released() -> None:
    accounts = [some_unit(f"unit.{number}", f"138000000{number:02}") for number in range(6)]
    in_parallel(MANY, lambda number: bind_company(accounts[number % 6]))
    (winner,) = IdentityBinding.objects.filter(released_at__isnull=True).values_list("account_id", flat=True)
    released = set(LegalProfile.objects.filter(released_at__isnull=False).values_list("account_id", flat=True))
    assert released == {account.id for account in accounts} - {winner}


def test_parallel_guesses_do_not_slip_past_the_count() -> None:
    somebody()

    def guess(number: int) -> Account:
        attempt = PasswordAttempt(Realm.NATURAL, "zhang.san", f"guess {number}", f"n{number}")
        return flow.log_in(actor=Actor.anonymous(), attempt=attempt)

    told = outcomes(in_parallel(MANY, guess))
    assert told == {LogInRefused: 5, HumanCheckNeeded: MANY - 5}


def test_attempts_are_counted_one_by_one() -> None:
    tally = Tally.of(realm=Realm.NATURAL, login_name_key="zhang.san", network="n")
    seen = Counter(in_parallel(MANY, lambda _: tally.count().pair))
    assert seen == Counter(range(MANY))


def test_one_of_many_new_passwords_wins() -> None:
    account = somebody()

    def change(number: int) -> Account:
        mine = Account.objects.get(id=account.id)
        return change_password(
            actor=Actor.account(mine.realm, mine.id), account=mine, current=PASSWORD, new=f"Korb-{number}-voll-Quitten"
        )

    told = outcomes(in_parallel(5, change))
    assert told[Account] == 1
    assert set(told) <= {Account, PasswordWrong}
    assert Event.objects.filter(name="accounts:password:changed").count() == 1


def test_log_ins_of_one_person_never_wait_for_each_other_in_a_circle() -> None:
    """Counting takes five rows and so does taking back: in two orders that would be a deadlock within the second."""

    def log_in_often(number: int) -> None:
        for turn in range(20):
            # Names that begin now and then: where a row stands in the table must not decide either.
            tally = Tally.of(
                realm=Realm.NATURAL, login_name_key=f"name.{turn // 5}", network="n", device=f"d{number % 2}"
            )
            tally.count()
            tally.settlement().run()
            if number == 0:
                forget()

    assert outcomes(in_parallel(8, log_in_often)) == {type(None): 8}
    assert Tally.of(realm=Realm.NATURAL, login_name_key="name.0", network="n").standing().name == 0
