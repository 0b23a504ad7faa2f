"""`tongban calendar`: the working days that due dates are counted in."""

import getpass
from pathlib import Path

import click

from tongban.audit.actors import Actor
from tongban.review import working_days
from tongban.review.errors import CalendarRefused
from tongban.review.flows.import_calendar import import_calendar


@click.group()
def command() -> None:
    """Holidays and make-up working days."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_command(file: Path) -> None:
    """Take over the days of FILE (CSV: day,works,name; works is work or rest). Each year it names is replaced whole."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            days = working_days.read(lines)
    except (CalendarRefused, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file}: {error}") from None
    years = import_calendar(actor=Actor.operator(getpass.getuser()), days=days)
    click.echo(f"{len(days)} days of {', '.join(map(str, years))}")
