"""`tongban staff`: people who review, audit and operate, by those who have the machine."""

import getpass

import click
from django.conf import settings
from django.urls import reverse

from tongban.accounts import queries
from tongban.accounts.errors import AccountsError
from tongban.accounts.flows.create_staff import create_staff, invite_again
from tongban.accounts.flows.grant_role import end_role, grant_role
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm, Role
from tongban.audit.actors import Actor

_ROLE = click.Choice([role.value for role in Role])


@click.group()
def command() -> None:
    """Open accounts for members of staff, give and end their roles."""


@command.command()
@click.argument("login_name")
@click.option("--role", "roles", type=_ROLE, multiple=True, help="What the person may do; repeat for several.")
def create(login_name: str, roles: tuple[str, ...]) -> None:
    """Open the account LOGIN_NAME and print, this once, the link to its first sign-in."""
    try:
        _account, token = create_staff(actor=_operator(), login_name=login_name, roles=[Role(role) for role in roles])
    except AccountsError as error:
        raise click.ClickException(error.code) from error
    _print_link(token)


@command.command()
@click.argument("login_name")
def invite(login_name: str) -> None:
    """Print a new link for LOGIN_NAME, who never came to the first sign-in; the link before it works no more."""
    try:
        token = invite_again(actor=_operator(), account=_account(login_name))
    except AccountsError as error:
        raise click.ClickException(error.code) from error
    _print_link(token)


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


@command.command("list")
def list_staff() -> None:
    """List members of staff: login name, roles, and whether an authenticator app is set up."""
    for account in Account.objects.filter(realm=Realm.STAFF).order_by("login_name_key"):
        app = "app" if queries.confirmed_totp(account) else "no app yet"
        click.echo(f"{account.login_name}\t{','.join(sorted(account.roles)) or '-'}\t{app}")


def _account(login_name: str) -> Account:
    account = queries.account_named(Realm.STAFF, login_name)
    if account is None:
        message = f"nobody on the staff is called {login_name}"
        raise click.ClickException(message)
    return account


def _print_link(token: str) -> None:
    click.echo(f"{settings.ADDRESS}{reverse('accounts:invitation', args=[token])}")


def _operator() -> Actor:
    return Actor.operator(getpass.getuser())
