"""Thirty at the same moment: codes, links, requests and suspensions count once."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from webauthn.helpers import bytes_to_base64url

from tests.authenticator import Authenticator
from tests.journeys.people import somebody
from tests.journeys.staff import app_code, member
from tests.parallel import in_parallel
from tongban.accounts import passkey_challenges
from tongban.accounts.errors import (
    AlreadyEnrolled,
    InvitationSpent,
    LastFactor,
    PasskeyRefused,
    ResetOpen,
    ResetSettled,
    SecondFactorRefused,
    SuspensionStands,
)
from tongban.accounts.flows import reset_credential
from tongban.accounts.flows.accept_invitation import choose_password
from tongban.accounts.flows.add_passkey import add_passkey, remove_passkey
from tongban.accounts.flows.create_staff import create_staff
from tongban.accounts.flows.enrol_factor import begin_enrolment, confirm_enrolment
from tongban.accounts.flows.invite import invite
from tongban.accounts.flows.log_in_staff import give_factor
from tongban.accounts.flows.redeem_factor import AppCode
from tongban.accounts.flows.redeem_passkey import PasskeyAnswer
from tongban.accounts.flows.suspend_account import lift_suspension, suspend_account
from tongban.accounts.models import (
    Account,
    Invitation,
    Passkey,
    PasskeyChallenge,
    ResetRequest,
    Suspension,
    Totp,
    TotpUse,
)
from tongban.accounts.rules import InvitationKind, Role
from tongban.accounts.rules.passkeys import PasskeyUse, Site
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.challenge.errors import TooManyRequests

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MANY = 30
HERE = Site("localhost", "http://localhost")


@pytest.fixture(autouse=True)
def _many_tries(settings: pytest.FixtureRequest) -> None:
    """The limit is another test's."""
    settings.SECOND_FACTOR_RATES = "1000/5min"  # type: ignore[attr-defined]  # pytest-django's settings


def outcomes(results: Sequence[object]) -> Counter[object]:
    return Counter(type(result) for result in results)


def test_a_code_opens_one_session() -> None:
    account = member()
    code = app_code(account)
    results = in_parallel(MANY, lambda _: give_factor(actor=Actor.anonymous(), account=account, proof=AppCode(code)))
    assert outcomes(results) == {type(None): 1, SecondFactorRefused: MANY - 1}
    assert TotpUse.objects.count() == 1
    assert Event.objects.filter(name="accounts:staff:logged_in").count() == 1


def test_guesses_at_the_same_moment_do_not_slip_past_the_limit(settings: pytest.FixtureRequest) -> None:
    settings.SECOND_FACTOR_RATES = "5/5min 20/h"  # type: ignore[attr-defined]
    account = member()
    results = in_parallel(
        MANY, lambda _: give_factor(actor=Actor.anonymous(), account=account, proof=AppCode("000000"))
    )
    assert outcomes(results) == {SecondFactorRefused: 5, TooManyRequests: MANY - 5}


def test_a_link_ties_one_app() -> None:
    account, _token = create_staff(actor=Actor.operator("root"), login_name="reviewer.li")
    invitation = Invitation.objects.select_related("account").get()
    apps = in_parallel(MANY, lambda _: begin_enrolment(account=account))
    assert {app.id for app in apps if isinstance(app, Totp)} == {Totp.objects.get().id}
    code = app_code(account)
    confirm = in_parallel(MANY, lambda _: confirm_enrolment(actor=Actor.anonymous(), invitation=invitation, code=code))
    told = outcomes(confirm)
    assert told[type(None)] == 1
    # Who knocks at the very moment the winner's tries are forgotten may be told to wait.
    assert set(told) <= {type(None), SecondFactorRefused, AlreadyEnrolled, InvitationSpent, TooManyRequests}
    assert Event.objects.filter(name="accounts:staff:factor_enrolled").count() == 1


def passkey_of(account: Account, browser: str) -> Authenticator:
    """Tie a passkey to the account."""
    device, challenge = Authenticator(), passkey_challenges.make(PasskeyUse.ENROL, account.id, browser)
    text = device.make(json.dumps({"challenge": bytes_to_base64url(challenge)}))
    add_passkey(account=account, answer=PasskeyAnswer(PasskeyUse.ENROL, HERE, browser, text), name="x")
    return device


def test_an_answer_of_a_passkey_opens_one_session() -> None:
    account = member()
    device = passkey_of(account, "browser")
    challenge = passkey_challenges.make(PasskeyUse.SIGN_IN, account.id, "browser")
    text = device.use(json.dumps({"challenge": bytes_to_base64url(challenge)}))
    proof = PasskeyAnswer(PasskeyUse.SIGN_IN, HERE, "browser", text)
    results = in_parallel(MANY, lambda _: give_factor(actor=Actor.anonymous(), account=account, proof=proof))
    assert outcomes(results) == {type(None): 1, PasskeyRefused: MANY - 1}
    assert PasskeyChallenge.objects.count() == 2
    assert Event.objects.filter(name="accounts:staff:logged_in").count() == 1


def test_one_of_the_last_two_passkeys_stays() -> None:
    account = member(enrolled=False)
    for browser in ("one", "two"):
        passkey_of(account, browser)
    ids = list(Passkey.objects.values_list("id", flat=True))
    results = in_parallel(MANY, lambda number: remove_passkey(account=account, passkey_id=ids[number % 2]))
    assert outcomes(results) == {type(None): MANY // 2, LastFactor: MANY // 2}
    assert Passkey.objects.filter(ended_at__isnull=True).count() == 1


def test_a_link_to_a_password_is_used_once() -> None:
    account = member()
    with transaction.atomic():
        invite(actor=Actor.system(), account=account, kind=InvitationKind.PASSWORD)
    invitation = Invitation.objects.select_related("account").get()

    def choose(number: int) -> Account:
        password = f"Sieben Igel auf dem Dach {number}"
        return choose_password(actor=Actor.anonymous(), invitation=invitation, password=password)

    assert outcomes(in_parallel(MANY, choose)) == {Account: 1, InvitationSpent: MANY - 1}


def test_one_request_waits_and_is_settled_once() -> None:
    account = member()
    asking, approving = member("operator.one", Role.OPERATOR), member("operator.two", Role.OPERATOR)

    def ask(_: int) -> ResetRequest:
        return reset_credential.request_reset(
            operator=asking, account=account, what=InvitationKind.FACTOR, reason="lost"
        )

    assert outcomes(in_parallel(MANY, ask)) == {ResetRequest: 1, ResetOpen: MANY - 1}
    request = ResetRequest.objects.get()

    def settle(number: int) -> object:
        if number % 2:
            code = app_code(approving)
            return reset_credential.approve_reset(operator=approving, request_id=request.id, proof=AppCode(code))
        reset_credential.decline_reset(operator=approving, request_id=request.id)
        return None

    results = in_parallel(MANY, settle)
    # Only one code of a moment counts, too.
    told = outcomes(results)
    assert told[ResetSettled] + told[SecondFactorRefused] == MANY - 1
    assert Invitation.objects.count() == Event.objects.filter(name="accounts:staff:reset_approved").count()


def test_one_suspension_stands_and_is_lifted_once() -> None:
    account, operator = somebody(), member("operator.one", Role.OPERATOR)
    actor = Actor.account(operator.realm, operator.id)

    def suspend(_: int) -> Suspension:
        return suspend_account(actor=actor, account=account, reason="x", operator=operator)

    assert outcomes(in_parallel(MANY, suspend)) == {Suspension: 1, SuspensionStands: MANY - 1}
    results = in_parallel(MANY, lambda _: lift_suspension(actor=actor, account=account, reason="y", operator=operator))
    assert outcomes(results)[type(None)] == 1
    assert Event.objects.filter(name="accounts:account:suspension_lifted").count() == 1


@pytest.mark.parametrize("case", ["own request", "own approval", "approved by who asked", "half settled"])
def test_the_database_keeps_three_people_apart(case: str) -> None:
    account, other = member(), member("operator.one", Role.OPERATOR)
    third = member("operator.two", Role.OPERATOR)
    now = account.created_at
    rows: dict[str, dict[str, Any]] = {
        "own request": {"requested_by": account},
        "own approval": {"requested_by": other, "settled_by": account, "settled_at": now, "approved": True},
        "approved by who asked": {"requested_by": other, "settled_by": other, "settled_at": now, "approved": True},
        "half settled": {"requested_by": other, "settled_by": third},
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        ResetRequest.objects.create(account=account, what=InvitationKind.FACTOR, reason="x", **rows[case])
