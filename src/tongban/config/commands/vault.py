"""`tongban vault`: the keys of sealed personal data."""

import getpass
from datetime import timedelta

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tongban.audit.actors import Actor
from tongban.kernel import key_ring
from tongban.vault import keys, queries
from tongban.vault.errors import KeyInUse, KeyUnknown
from tongban.vault.flows.reencrypt import SETTLE, settled, walk
from tongban.vault.flows.retire_key import retire_key
from tongban.vault.flows.rotate import rotate


@click.group()
def command() -> None:
    """Create, rotate and retire the keys of sealed data."""


def _operator() -> Actor:
    return Actor.operator(getpass.getuser())


@command.command("create-keys")
def create_keys_command() -> None:
    """Make the key file named by VAULT_KEY_RING, once, before the first start in production."""
    path = keys.key_file().path
    if not key_ring.create(path, keys.first_keys()):
        raise click.ClickException(f"{path} exists; nothing was changed")
    click.echo(f"made {path}")


@command.command("keys")
def keys_command() -> None:
    """List the keys, without their secrets, and how many values in the database need each."""
    table = Table("Key", "Use", "Suite", "Current from (UTC)", "State", "Values", box=None)
    for use in keys.USES:
        for key in keys.all_keys(use):
            state = "current" if key == keys.current(use) else "waits" if _waits(key) else "older"
            values = "" if use == keys.DIGEST else str(queries.rows_of_key(key))
            table.add_row(key.id, use, key.suite, f"{key.current_from:%Y-%m-%d %H:%M:%S}", state, values)
    Console().print(table)


def _waits(key: key_ring.Key) -> bool:
    return key.current_from > keys.current(key.use).current_from


@command.command("rotate")
@click.option(
    "--use", type=click.Choice(keys.USES), multiple=True, default=keys.USES, help="Which keys; all if not said."
)
@click.option(
    "--ready-in", type=int, default=60, help="Seconds until the new key is used; every machine needs it then."
)
def rotate_command(*, use: tuple[str, ...], ready_in: int) -> None:
    """Add new keys. The worker brings every row under them by itself; `reencrypt` does it at once."""
    for one in use:
        key = rotate(actor=_operator(), use=one, ready_in=timedelta(seconds=ready_in))
        click.echo(f"{key.id}  {key.use}  {key.suite}  current from {key.current_from:%Y-%m-%d %H:%M:%S} UTC")


@command.command("reencrypt")
def reencrypt_command() -> None:
    """Bring every row under the current keys. May be stopped and started again at any time."""
    if not settled():
        seconds = int(SETTLE.total_seconds())
        raise click.ClickException(f"the current keys are younger than {seconds} s: try again then")
    total = sum(queries.stale_rows(holder).count() for holder in queries.holders())
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("Renewing rows", total=total)
        for rows in walk(actor=_operator()):
            bar.advance(task, rows)
    left = sum(queries.stale_rows(holder).count() for holder in queries.holders())
    click.echo(f"{total - left} rows renewed, {left} left")
    if left:
        raise click.ClickException("some rows could not be renewed: see the log and `tongban audit export`")


@command.command("retire")
@click.argument("key_id")
def retire_command(*, key_id: str) -> None:
    """Remove an older key that no row needs any more."""
    try:
        retire_key(actor=_operator(), key_id=key_id)
    except (KeyInUse, KeyUnknown) as refused:
        raise click.ClickException(f"refused: {refused.params}") from None
    click.echo(f"removed {key_id}")
