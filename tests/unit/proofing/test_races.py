"""Many callers at the same moment: one binding, one decision, one message, whatever happens."""

import pytest

from tests.parallel import in_parallel
from tests.unit.proofing.conftest import make_account, on_record, unit_on_record
from tests.unit.proofing.people import person, unit
from tongban.accounts.models import Account, IdentityBinding
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.challenge.errors import TooManyRequests
from tongban.kernel import clock
from tongban.notify.models import InSiteMessage, Sms
from tongban.proofing import queries
from tongban.proofing.entries import Entries
from tongban.proofing.errors import NothingToVerify
from tongban.proofing.flows.ask_waiting import ask_waiting
from tongban.proofing.flows.keep_draft import keep_draft
from tongban.proofing.flows.settle import settle
from tongban.proofing.flows.submit import submit
from tongban.proofing.flows.switch_authority import switch_authority
from tongban.proofing.models import Proof, Verification
from tongban.proofing.rules import Answer, Block, Result, Said

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TIMES = 30


def save_in_parallel(accounts: list[Account], entries: Entries) -> list[str]:
    """Press 保存 `TIMES` times, the accounts taking turns, and return each result or the name of the refusal."""

    def press(number: int) -> str:
        account = accounts[number % len(accounts)]
        return submit(actor=account, entries=entries, consent_version="v1").result

    outcomes = in_parallel(TIMES, press)
    errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    unexpected = [error for error in errors if not isinstance(error, TooManyRequests | NothingToVerify)]
    assert not unexpected
    return [type(outcome).__name__ if isinstance(outcome, Exception) else outcome for outcome in outcomes]


@pytest.mark.parametrize("realm", [Realm.NATURAL, Realm.LEGAL])
def test_thirty_times_the_same_identity_from_two_accounts_leave_one_binding(realm: Realm) -> None:
    on_record(person())
    unit_on_record(unit())
    accounts = [make_account(realm, login_name="one"), make_account(realm, login_name="two")]
    results = save_in_parallel(accounts, person() if realm is Realm.NATURAL else unit())
    binding = IdentityBinding.objects.get(released_at=None)
    assert Result.VERIFIED in results
    (loser,) = [account for account in accounts if account != binding.account]
    assert set(Verification.objects.filter(account=loser).values_list("result", flat=True)) <= {
        Result.CONFLICT,
        Result.SUPERSEDED,
    }
    assert Verification.objects.filter(account=loser, result=Result.CONFLICT).exists()
    assert Proof.objects.filter(binding__released_at=None).count() == 1
    assert not Verification.objects.filter(decided_at=None).exists()


def test_a_verification_is_decided_once() -> None:
    on_record(person(), answer=Answer.UNAVAILABLE)
    waiting = submit(actor=make_account(), entries=person(), consent_version="v1")

    def decide(number: int) -> str:
        answer = Answer.MATCH if number % 2 else Answer.MISMATCH
        return settle(verification_id=waiting.pk, said={Block.PERSON: Said(answer, "register")}).result

    results = in_parallel(TIMES, decide)
    assert len(set(results)) == 1
    assert InSiteMessage.objects.count() == 1
    assert Sms.objects.count() == 1
    assert (
        Event.objects.filter(name__in=["proofing:verification:verified", "proofing:verification:mismatched"]).count()
        == 1
    )


def test_many_workers_share_what_waits() -> None:
    switch_authority(actor=Actor.system(), available=False)
    accounts = [make_account(login_name=f"n{number}") for number in range(6)]
    for number, account in enumerate(accounts):
        on_record(person(number))
        submit(actor=account, entries=person(number), consent_version="v1")
    switch_authority(actor=Actor.system(), available=True)
    assert all(isinstance(asked, int) for asked in in_parallel(8, lambda _number: ask_waiting()))
    assert Proof.objects.count() == len(accounts)
    assert Verification.objects.filter(asks=2).count() == len(accounts)


def test_pressing_save_many_times_at_once_leaves_one_open_verification() -> None:
    on_record(person(1), answer=Answer.UNAVAILABLE)
    on_record(person(2), answer=Answer.UNAVAILABLE)
    account = make_account()
    in_parallel(8, lambda number: submit(actor=account, entries=person(1 + number % 2), consent_version="v1"))
    assert Verification.objects.filter(account=account, decided_at=None).count() == 1
    assert Verification.objects.exclude(result="").exclude(result=Result.SUPERSEDED).count() == 0
    assert clock.now() > Verification.objects.get(decided_at=None).submitted_at


def test_drafts_kept_at_once_leave_one() -> None:
    account = make_account()
    kept = in_parallel(8, lambda number: keep_draft(actor=account, typed={"name": str(number)}, consent_version=""))
    assert kept == [None] * 8
    assert queries.prefill(account)["name"] in set("01234567")
