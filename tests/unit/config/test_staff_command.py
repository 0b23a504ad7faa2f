"""`tongban staff`."""

import re

import pytest
from click.testing import CliRunner

from tests.journeys.staff import member
from tongban.accounts.models import Account, Invitation, StaffRole, Suspension
from tongban.accounts.rules import Role
from tongban.config.commands.staff import command

pytestmark = pytest.mark.django_db


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(command, words)
    assert result.exit_code == code, result.output
    return result.output


def test_the_first_operator_gets_a_link() -> None:
    said = run("create", "operator.li", "--role", "operator")
    assert re.fullmatch(r"http://\S+/staff/invitations/[\w-]{43}/\n", said)
    account = Account.objects.get()
    assert account.roles == {"operator"}
    assert not account.has_usable_password()
    again = run("invite", "operator.li")
    assert again != said
    assert Invitation.objects.filter(replaced_at__isnull=True).count() == 1
    assert run("list") == "operator.li\toperator\tno second factor yet\n"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("operator.li", "taken"),
        ("x", "length"),
        ("li wang", "character"),
        ("13800138000", "mobile"),
        ("HJ_1", "reserved"),
    ],
)
def test_names_keep_the_rules_of_names(name: str, code: str) -> None:
    member("operator.li")
    assert f"accounts.login_name_{code}" in run("create", name, code=1)


def test_who_has_an_app_gets_no_way_round_it() -> None:
    member("operator.li")
    assert "accounts.already_enrolled" in run("invite", "operator.li", code=1)


def test_roles_are_given_and_ended() -> None:
    account = member("reviewer.li")
    run("grant", "reviewer.li", "auditor")
    run("grant", "reviewer.li", "auditor")
    assert StaffRole.objects.filter(account=account, ended_at__isnull=True).count() == 1
    run("end-role", "reviewer.li", "auditor")
    assert "does not have" in run("end-role", "reviewer.li", "auditor", code=1)
    assert Account.objects.get().roles == frozenset()
    assert "there is no staff account" in run("grant", "nobody", "auditor", code=1)


def test_suspending_and_lifting() -> None:
    member("reviewer.li", Role.REVIEWER)
    run("suspend", "reviewer.li", "--reason", "left")
    assert run("list") == "reviewer.li\treviewer\tapp\tsuspended\n"
    assert "accounts.suspension_stands" in run("suspend", "reviewer.li", "--reason", "left", code=1)
    run("lift", "reviewer.li", "--reason", "back")
    assert Suspension.objects.get().ended_at
