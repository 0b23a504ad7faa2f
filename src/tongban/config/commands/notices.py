"""`tongban notices`: what the operator announces."""

import getpass
import json
from pathlib import Path

import click

from tongban.audit.actors import Actor
from tongban.site.errors import InvalidNotices
from tongban.site.flows.load_notices import load_notices
from tongban.site.rules import parse_notices


@click.group()
def command() -> None:
    """Notices on the home page."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Publish exactly the notices of FILE (JSON); loading it again changes nothing."""
    try:
        entries = parse_notices(json.loads(file.read_text(encoding="utf-8")))
    except (InvalidNotices, ValueError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    click.echo(load_notices(actor=Actor.operator(getpass.getuser()), entries=entries))
