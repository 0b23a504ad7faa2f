"""`tongban sessions`: sign people out from the machine, when an account or everybody's sessions are in wrong hands."""

import getpass

import click

from tongban.accounts import queries
from tongban.accounts.flows.end_sessions import EndReason, end_sessions
from tongban.accounts.models import Session
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor


@click.group()
def command() -> None:
    """Sign people out, with what business systems hold through their sessions."""


@command.command()
@click.argument("realm", type=click.Choice([realm.value for realm in Realm]))
@click.argument("login_name")
def end(realm: str, login_name: str) -> None:
    """End every session of the account LOGIN_NAME of REALM."""
    account = queries.account_named(Realm(realm), login_name)
    if account is None:
        message = f"no account of {realm} is called {login_name}"
        raise click.ClickException(message)
    click.echo(end_sessions(actor=_operator(), account_id=account.id, reason=EndReason.OPERATOR))


@command.command("end-all")
@click.confirmation_option(prompt="Everybody will have to log in again. Go on?")
def end_all() -> None:
    """End every session there is."""
    signed_in = Session.objects.filter(account__isnull=False)
    ended = 0
    for account_id in signed_in.order_by().values_list("account_id", flat=True).distinct():
        ended += end_sessions(actor=_operator(), account_id=account_id, reason=EndReason.OPERATOR)
    click.echo(ended)


def _operator() -> Actor:
    return Actor.operator(getpass.getuser())
