"""What pages of staff cannot show: flows that ask again, and rows that are swept."""

from collections.abc import Callable

import pytest

from tests.journeys.people import PASSWORD, somebody
from tests.journeys.staff import STAFF_PASSWORD, app_code, member
from tests.moved_clock import MovedClock
from tongban.accounts.errors import (
    AlreadyEnrolled,
    InvitationSpent,
    NotStaff,
    NotSuspended,
    RoleNeeded,
    SecondFactorRefused,
)
from tongban.accounts.flows import look_up_account, redeem_totp, reset_credential, suspend_account
from tongban.accounts.flows.accept_invitation import choose_password
from tongban.accounts.flows.enrol_factor import begin_enrolment
from tongban.accounts.flows.grant_role import grant_role
from tongban.accounts.flows.invite import invite
from tongban.accounts.flows.log_in import log_in
from tongban.accounts.flows.log_in_staff import give_factor
from tongban.accounts.flows.prove_password import PasswordAttempt
from tongban.accounts.flows.redeem_factor import AppCode
from tongban.accounts.models import Invitation, Totp, TotpUse
from tongban.accounts.rules import InvitationKind, Realm, Role, totp
from tongban.audit.actors import Actor
from tongban.kernel import clock as kernel_clock

pytestmark = pytest.mark.django_db


def test_the_window_of_citizens_never_opens_a_staff_account() -> None:
    member()
    attempt = PasswordAttempt(Realm.STAFF, "reviewer.li", STAFF_PASSWORD, "n")
    with pytest.raises(ValueError, match="staff"):
        log_in(actor=Actor.anonymous(), attempt=attempt)


def test_roles_are_for_staff() -> None:
    with pytest.raises(ValueError, match="natural"):
        grant_role(actor=Actor.system(), account=somebody(), role=Role.OPERATOR)


def test_flows_ask_for_the_role_whatever_the_door_did() -> None:
    reviewer, victim, actor = member("reviewer.li", Role.REVIEWER), somebody(), Actor.system()
    colleague = member("auditor.wang", Role.AUDITOR)
    acts: list[Callable[[], object]] = [
        lambda: suspend_account.suspend_account(actor=actor, account=victim, reason="x", operator=reviewer),
        lambda: suspend_account.lift_suspension(actor=actor, account=victim, reason="x", operator=reviewer),
        lambda: look_up_account.find_account(operator=reviewer, by="natural", value="zhang.san"),
        lambda: look_up_account.open_account_page(operator=reviewer, account=victim),
        lambda: reset_credential.request_reset(
            operator=reviewer, account=colleague, what=InvitationKind.FACTOR, reason="x"
        ),
    ]
    for act in acts:
        with pytest.raises(RoleNeeded):
            act()


def test_only_staff_have_something_to_reset_and_only_the_suspended_are_restored() -> None:
    operator = member("operator.one", Role.OPERATOR)
    with pytest.raises(NotStaff):
        reset_credential.request_reset(operator=operator, account=somebody(), what=InvitationKind.PASSWORD, reason="x")
    with pytest.raises(NotSuspended):
        suspend_account.lift_suspension(actor=Actor.system(), account=member(), reason="x")


def test_a_link_to_an_app_chooses_no_password_and_an_app_is_tied_once() -> None:
    account = member()
    invite(actor=Actor.system(), account=account, kind=InvitationKind.FACTOR)
    with pytest.raises(InvitationSpent):
        choose_password(actor=Actor.anonymous(), invitation=Invitation.objects.get(), password=PASSWORD + PASSWORD)
    with pytest.raises(AlreadyEnrolled):
        begin_enrolment(account=account)


def test_an_app_that_was_just_replaced_opens_nothing() -> None:
    account = member()
    app, code = Totp.objects.get(), app_code(account)
    Totp.objects.update(ended_at=kernel_clock.now())
    with pytest.raises(SecondFactorRefused):
        redeem_totp.redeem_totp(actor=Actor.anonymous(), account=account, totp=app, code=code, then=lambda: None)


def test_spent_steps_are_swept_once_nobody_can_use_them(clock: MovedClock) -> None:
    account = member()
    give_factor(actor=Actor.anonymous(), account=account, proof=AppCode(app_code(account)))
    clock.forward(hours=23)
    assert redeem_totp.forget() == 0
    clock.forward(hours=1)
    assert redeem_totp.forget() == 1
    assert redeem_totp.forget() == 0
    assert not TotpUse.objects.exists()


def test_codes_are_those_of_the_standard() -> None:
    """RFC 4226, appendix D: the secret is 12345678901234567890 in ASCII."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [totp.code_of(secret, step) for step in (0, 1, 9)] == ["755224", "287082", "520489"]


def test_an_app_keeps_real_time_while_the_platform_is_moved(clock: MovedClock) -> None:
    account = member()
    code = app_code(account, kernel_clock.real())
    clock.forward(days=3)
    give_factor(actor=Actor.anonymous(), account=account, proof=AppCode(code))
    with pytest.raises(SecondFactorRefused):
        give_factor(actor=Actor.anonymous(), account=account, proof=AppCode(code))
