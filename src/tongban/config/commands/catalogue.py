"""`tongban catalogue`: the services the operator offers."""

import getpass
import json
from pathlib import Path

import click

from tongban.audit.actors import Actor
from tongban.catalogue.errors import InvalidCatalogue
from tongban.catalogue.file_format import parse_catalogue
from tongban.catalogue.flows.load_catalogue import load_catalogue


@click.group()
def command() -> None:
    """Services, guides and entries."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Offer exactly the services of FILE (JSON); loading it again changes nothing."""
    try:
        entries = parse_catalogue(json.loads(file.read_text(encoding="utf-8")))
    except (InvalidCatalogue, ValueError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    click.echo(load_catalogue(actor=Actor.operator(getpass.getuser()), entries=entries))
