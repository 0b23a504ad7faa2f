"""`tongban sms`: what to register with vendors of SMS, and how sending goes."""

from collections.abc import Callable
from datetime import timedelta

import click

from tongban.kernel import clock
from tongban.notify import queries, vendor_templates

_NOTATIONS: dict[str, Callable[[str, str], str]] = {
    "alibaba": vendor_templates.with_names,
    "tencent": vendor_templates.with_numbers,
}


@click.group()
def command() -> None:
    """SMS and their vendors."""


@command.command()
@click.argument("vendor", type=click.Choice(list(_NOTATIONS)))
def templates(vendor: str) -> None:
    """Print the name and text of every SMS in every language, as VENDOR writes blanks, to register them there."""
    for name, language in vendor_templates.to_register():
        click.echo(f"{vendor_templates.registered_name(name, language)}\t{_NOTATIONS[vendor](name, language)}")


@command.command()
@click.option("--hours", type=click.IntRange(1, 24 * 30), default=24, show_default=True, help="How far to look back.")
def outbox(hours: int) -> None:
    """Count the SMS of the last hours by vendor, state and receipt; no number and no text is shown."""
    for vendor, state, receipt, number in queries.outbox_counts(since=clock.now() - timedelta(hours=hours)):
        click.echo("\t".join((vendor or "-", state, receipt or "-", str(number))))
