"""`tongban staff`: people who review, audit and operate, by those who have the machine."""

import getpass
from collections.abc import Callable
from typing import TypeVar

import click
from django.conf import settings
from django.urls import reverse

from tongban.accounts import queries
from tongban.accounts.errors import AccountsError
from tongban.accounts.flows.create_staff import create_staff, invite_again
from tongban.accounts.flows.grant_role import end_role, grant_role
from tongban.accounts.flows.suspend_account import lift_suspension, suspend_account
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm, Role
from tongban.audit.actors import Actor

T = TypeVar("T")
_ROLE = click.Choice([role.value for role in Role])


@click.group()
def command() -> None:
    """Open accounts for members of staff, give and end their roles."""


@command.command()
@click.argument("login_name")
@click.option("--role", "roles", type=_ROLE, multiple=True, help="What the person may do; repeat for several.")
def create(login_name: str, roles: tuple[str, ...]) -> None:
    """Open the account LOGIN_NAME and print, this once, the link to its first sign-in."""
    wanted = [Role(role) for role in roles]
    _print_link(_try(lambda: create_staff(actor=_operator(), login_name=login_name, roles=wanted))[1])


@command.command()
@click.argument("login_name")
def invite(login_name: str) -> None:
    """Print a new link for LOGIN_NAME, who never came to the first sign-in; the link before it works no more."""
    _print_link(_try(lambda: invite_again(actor=_operator(), account=_account(login_name))))


@command.command()
@click.argument("login_name")
@click.argument("role", type=_ROLE)
def grant(login_name: str, role: str) -> None:
    """Let LOGIN_NAME do what ROLE may do."""
    grant_role(actor=_operator(), account=_account(login_name), role=Role(role))


@command.command("end-role")
@click.argument("login_name")
@click.argument("role", type=_ROLE)
def end(login_name: str, role: str) -> None:
    """Take ROLE from LOGIN_NAME, whose sessions end."""
    if not end_role(actor=_operator(), account=_account(login_name), role=Role(role)):
        message = f"{login_name} does not have the role {role}"
        raise click.ClickException(message)


@command.command()
@click.argument("login_name")
@click.option("--reason", required=True, help="Why; the person reads it at the next log-in.")
@click.option("--realm", type=click.Choice([realm.value for realm in Realm]), default=Realm.STAFF.value)
def suspend(login_name: str, reason: str, realm: str) -> None:
    """Let nobody use the account LOGIN_NAME from now on."""
    _try(lambda: suspend_account(actor=_operator(), account=_account(login_name, Realm(realm)), reason=reason))


@command.command()
@click.argument("login_name")
@click.option("--reason", required=True, help="Why.")
@click.option("--realm", type=click.Choice([realm.value for realm in Realm]), default=Realm.STAFF.value)
def lift(login_name: str, reason: str, realm: str) -> None:
    """Let the account LOGIN_NAME be used again."""
    _try(lambda: lift_suspension(actor=_operator(), account=_account(login_name, Realm(realm)), reason=reason))


@command.command("list")
def list_staff() -> None:
    """List members of staff: login name, roles, second factors (app, passkey)."""
    for one in queries.staff():
        second = ",".join([*(["app"] if one.has_app else []), *["passkey"] * one.passkeys]) or "no second factor yet"
        state = "\tsuspended" if one.is_suspended else ""
        click.echo(f"{one.account.login_name}\t{','.join(one.roles) or '-'}\t{second}{state}")


def _try(act: Callable[[], T]) -> T:
    """Return what `act` returns; what it refuses becomes the command's error."""
    try:
        return act()
    except AccountsError as error:
        raise click.ClickException(error.code) from error


def _account(login_name: str, realm: Realm = Realm.STAFF) -> Account:
    account = queries.account_named(realm, login_name)
    if account is None:
        message = f"there is no {realm.value} account {login_name}"
        raise click.ClickException(message)
    return account


def _print_link(token: str) -> None:
    click.echo(f"{settings.ADDRESS}{reverse('accounts:invitation', args=[token])}")


def _operator() -> Actor:
    return Actor.operator(getpass.getuser())
