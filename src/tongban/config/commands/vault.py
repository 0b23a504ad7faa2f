"""`tongban vault`: the keys of sealed personal data."""

import getpass
import time
from datetime import timedelta

import click
from django.db import DatabaseError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tongban.audit.actors import Actor
from tongban.kernel import clock, key_ring
from tongban.vault import keys, queries
from tongban.vault.errors import KeyInUse, KeyUnknown
from tongban.vault.flows.reencrypt import SETTLE, Tally, settled, settled_at, walk
from tongban.vault.flows.retire_key import retire_key
from tongban.vault.flows.rotate import rotate_together

_LOOK = 0.5
"""Seconds between two looks at the clock while waiting."""


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
    """List the keys, without their secrets, and how many values need each: of digest keys the passwords."""
    table = Table("Key", "Use", "Suite", "Current from (UTC)", "State", "Values", box=None)
    for use in keys.USES:
        for key in keys.all_keys(use):
            state = "current" if key == keys.current(use) else "waits" if _waits(key) else "older"
            since = f"{key.current_from:%Y-%m-%d %H:%M:%S}"
            table.add_row(key.id, use, key.suite, since, state, _values_of(key))
    Console().print(table)


def _values_of(key: key_ring.Key) -> str:
    """Return how many values need the key; before the first `migrate`, at the ceremony of keys, nobody can say."""
    try:
        return str(queries.rows_of_key(key))
    except DatabaseError:
        return "(no database)"


def _waits(key: key_ring.Key) -> bool:
    return key.current_from > keys.current(key.use).current_from


@command.command("rotate")
@click.option(
    "--use", type=click.Choice(keys.USES), multiple=True, default=keys.USES, help="Which keys; all if not said."
)
@click.option(
    "--ready-in", type=int, default=60, help="Seconds until the new key is used; every machine needs it then."
)
@click.option("--keys-only", is_flag=True, help="Add the keys and leave the moving to the worker.")
@click.option("--new-keys", is_flag=True, help="Add keys even while an earlier rotation is not finished.")
def rotate_command(*, use: tuple[str, ...], ready_in: int, keys_only: bool, new_keys: bool) -> None:
    """Move all data to new keys of the suite CRYPTO_SUITE, while the platform serves.

    Adds the keys, waits until every process uses them, then moves fields, blind indexes, files and brought-over
    passwords. May be stopped or killed at any time: called again, it goes on where it was.
    """
    if new_keys or not queries.is_moving(use):
        for key in rotate_together(actor=_operator(), uses=use, ready_in=timedelta(seconds=ready_in)):
            click.echo(f"{key.id}  {key.use}  {key.suite}  current from {key.current_from:%Y-%m-%d %H:%M:%S} UTC")
    else:
        click.echo("A rotation is under way: going on with it.")
    if not keys_only:
        _wait()
        _move()


@command.command("reencrypt")
def reencrypt_command() -> None:
    """Bring everything under the current keys now. May be stopped and started again at any time."""
    if not settled():
        seconds = int(SETTLE.total_seconds())
        raise click.ClickException(f"the current keys are younger than {seconds} s: try again then")
    _move()


def _wait() -> None:
    """Wait until the newest keys are current and no transaction in hand still writes under the ones before."""
    left = (settled_at() - clock.now()).total_seconds()
    if left <= 0:
        return
    with _bar() as bar:
        task = bar.add_task("Waiting until every process uses the new keys", total=left)
        while (still := (settled_at() - clock.now()).total_seconds()) > 0:
            bar.update(task, completed=left - still)
            time.sleep(min(still, _LOOK))


def _move() -> None:
    """Walk until everything is under the current keys, or a walk moves nothing; exit code 1 when something is left."""
    moved, left = Tally(), queries.left_to_move()
    with _bar() as bar:
        task = bar.add_task("Moving to the current keys", total=left)
        while left:
            before = moved.renewed
            for values in walk(actor=_operator(), tally=moved):
                bar.advance(task, values)
            left = queries.left_to_move()
            if moved.renewed == before:
                break
    click.echo(f"{moved.renewed} values moved, {left} left")
    for key in keys.all_keys(keys.DIGEST)[1:]:
        if waiting := queries.rows_of_key(key):
            click.echo(f"{waiting} passwords leave the key {key.id} when their owners log in")
    if left:
        raise click.ClickException("some values could not be moved: see the log and `tongban audit export`")


def _bar() -> Progress:
    return Progress(console=Console(stderr=True))


@command.command("retire")
@click.argument("key_id")
def retire_command(*, key_id: str) -> None:
    """Remove an older key that no row needs any more."""
    try:
        retire_key(actor=_operator(), key_id=key_id)
    except (KeyInUse, KeyUnknown) as refused:
        raise click.ClickException(f"refused: {refused.params}") from None
    click.echo(f"removed {key_id}")
