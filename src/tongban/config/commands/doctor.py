"""`tongban doctor`: what is wrong with this installation, and how to mend it."""

import getpass
import sys

import click

from tongban.audit.actors import Actor
from tongban.config.doctor import Level, examine


@click.command()
@click.option("--wait", default=10.0, show_default=True, help="Seconds the worker gets to show that it runs.")
def command(*, wait: float) -> None:
    """Look at settings, keys, disk, database, clock, waiting work and worker; exit code 1 when something is wrong."""
    worst = Level.OK
    for finding in examine(actor=Actor.operator(getpass.getuser()), wait=wait):
        click.echo(f"{finding.level:<8} {finding.what}: {finding.how_it_is}")
        if finding.mend:
            click.echo(f"{'':<8}   → {finding.mend}")
        if finding.level is Level.WRONG or worst is Level.OK:
            worst = finding.level
    words = {Level.OK: "All is well.", Level.WARNING: "It works; see the warnings.", Level.WRONG: "Something is wrong."}
    click.echo(words[worst])
    if worst is Level.WRONG:
        sys.exit(1)
