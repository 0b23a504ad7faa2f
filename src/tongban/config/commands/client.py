"""`tongban client`: relying parties, by those who operate the platform."""

import getpass
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from tongban.audit.actors import Actor
from tongban.catalogue.rules import Audience
from tongban.kernel.assurance import AssuranceLevel
from tongban.sso.errors import ClientRefused, ClientUnknown, SsoError
from tongban.sso.flows.keep_signing_keys import NOTICE, rotate_signing_key
from tongban.sso.flows.register_client import (
    TEXTS,
    Addresses,
    ClientData,
    change_addresses,
    change_translations,
    close_client,
    register_client,
    replace_secret,
)
from tongban.sso.models import RelyingParty, SigningKey
from tongban.sso.rules import ClientAuthentication, SigningAlgorithm

_ASSURANCE = tuple(level.name.lower() for level in AssuranceLevel)


def _with_addresses(act: Callable[..., None]) -> Callable[..., None]:
    """Add the options that name addresses."""
    for option in (
        click.option("--target-link-uri", default="", help="The page people want, told to --initiate-login-uri."),
        click.option("--initiate-login-uri", default="", help="Where 办理入口 leads (third-party initiated login)."),
        click.option("--post-logout-redirect-uri", multiple=True, help="Where people may return to after logging out."),
        click.option("--redirect-uri", multiple=True, help="Where codes are sent; repeat for several."),
    ):
        act = option(act)
    return act


def _addresses(options: Mapping[str, Any]) -> Addresses:
    return Addresses(
        redirect_uris=options["redirect_uri"],
        post_logout_redirect_uris=options["post_logout_redirect_uri"],
        initiate_login_uri=options["initiate_login_uri"],
        target_link_uri=options["target_link_uri"],
    )


def _with_english(act: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say in English what people read."""
    for option in (
        click.option("--purpose-en", default="", help="The purpose in English; shown in Chinese while left out."),
        click.option("--recipient-en", default="", help="The recipient in English."),
        click.option(
            "--name-en", default="", help="The name in English (OpenID Connect Registration: client_name#en)."
        ),
    ):
        act = option(act)
    return act


def _english(options: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    given = {name: options[f"{name}_en"] for name in TEXTS if options[f"{name}_en"]}
    return {"en": given} if given else {}


@click.group()
def command() -> None:
    """Register and close the business systems people may enter."""


@command.command()
@click.argument("client_id")
@click.option("--name", required=True, help="The system's name, as people know it.")
@click.option("--recipient", required=True, help="The organisation that receives the data.")
@click.option("--purpose", required=True, help="What it needs the data for, in a sentence people are shown.")
@_with_english
@_with_addresses
@click.option(
    "--scope",
    multiple=True,
    help="What it may ask for; default: openid and profile. With account-search alone it signs nobody in.",
)
@click.option("--audience", type=click.Choice(Audience.values), default="both", help="Whose accounts may enter.")
@click.option("--assurance", type=click.Choice(_ASSURANCE), default="cross_checked", help="Lowest assurance to enter.")
@click.option(
    "--authentication", type=click.Choice(ClientAuthentication.values), default="secret", help="How it proves itself."
)
@click.option("--public-keys", type=click.Path(path_type=Path, exists=True), help="JWK set, for private_key_jwt.")
@click.option(
    "--id-token-alg", type=click.Choice(SigningAlgorithm.values), default="ES256", help="How ID tokens are signed."
)
@click.option("--sector", default="", help="Clients of one sector know a person by the same sub; default: its own.")
def create(client_id: str, **options: Any) -> None:
    """Register CLIENT_ID and print, as JSON and this once, its secret."""
    keys: Path | None = options["public_keys"]
    data = ClientData(
        client_id=client_id,
        name=options["name"],
        recipient=options["recipient"],
        purpose=options["purpose"],
        addresses=_addresses(options),
        scopes=options["scope"] or ("openid", "profile"),
        audience=options["audience"],
        required_assurance=AssuranceLevel[options["assurance"].upper()],
        authentication=options["authentication"],
        public_keys=json.loads(keys.read_text(encoding="utf-8")) if keys else {},
        id_token_algorithm=options["id_token_alg"],
        sector=options["sector"],
        translations=_english(options),
    )
    try:
        registered = register_client(actor=_operator(), data=data)
    except ClientRefused as error:
        raise click.ClickException(f"{error.code}: {error.detail}") from error
    _print(client_id, registered.secret)


@command.command("set-addresses")
@click.argument("client_id")
@_with_addresses
def set_addresses(client_id: str, **options: Any) -> None:
    """Give CLIENT_ID these addresses, and no others any more."""
    try:
        change_addresses(actor=_operator(), client_id=client_id, addresses=_addresses(options))
    except SsoError as error:
        raise click.ClickException(f"{error.code}: {error}") from error


@command.command("set-english")
@click.argument("client_id")
@_with_english
def set_english(client_id: str, **options: Any) -> None:
    """Show CLIENT_ID to readers of English with these texts; a text left out is shown in Chinese from now on."""
    try:
        change_translations(actor=_operator(), client_id=client_id, texts=_english(options))
    except SsoError as error:
        raise click.ClickException(f"{error.code}: {error}") from error


@command.command("replace-secret")
@click.argument("client_id")
def replace(client_id: str) -> None:
    """Give CLIENT_ID a new secret, print it this once, and forget the old one."""
    try:
        registered = replace_secret(actor=_operator(), client_id=client_id)
    except SsoError as error:
        raise click.ClickException(f"{error.code}: {error}") from error
    _print(client_id, registered.secret)


@command.command()
@click.argument("client_id")
@click.option("--reason", required=True, help="Why, for the audit trail.")
def close(client_id: str, reason: str) -> None:
    """Close CLIENT_ID: nobody can enter it any more, and its tokens end."""
    try:
        close_client(actor=_operator(), client_id=client_id, reason=reason)
    except ClientUnknown as error:
        raise click.ClickException(f"{error.code}: {client_id}") from error


@command.command("list")
def list_clients() -> None:
    """List the open clients: id, name, scopes."""
    for client in RelyingParty.objects.filter(closed_at=None).order_by("client_id"):
        click.echo(f"{client.client_id}\t{client.name}\t{client.scopes} {client.service_scopes}".rstrip())


@command.command("rotate-keys")
@click.option("--now", "at_once", is_flag=True, help="The old key was stolen: sign with the new one from this moment.")
def rotate_keys(*, at_once: bool) -> None:
    """Make a successor for every key that signs ID tokens."""
    for algorithm in SigningKey.objects.values_list("algorithm", flat=True).distinct().order_by():
        rotate_signing_key(actor=_operator(), algorithm=algorithm, notice=timedelta(0) if at_once else NOTICE)


def _operator() -> Actor:
    return Actor.operator(getpass.getuser())


def _print(client_id: str, secret: str) -> None:
    click.echo(json.dumps({"client_id": client_id, "client_secret": secret} if secret else {"client_id": client_id}))
