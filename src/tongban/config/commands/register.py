"""`tongban register`: the embedded register, the authority of an operator who has no other."""

import getpass
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tongban.audit.actors import Actor
from tongban.proofing.errors import RegisterFileError
from tongban.proofing.flows.import_register import Imported, import_register
from tongban.proofing.register_file import RegisterFile, open_register

_SHOWN = 100
_REASONS = {
    "encoding": "neither UTF-8 nor GB18030",
    "header": "the first line names neither the columns of persons nor those of units; see docs/register.md",
    "rehearsal": "the column 演练应答 forces answers; it needs the setting REGISTER_REHEARSAL",
}


@click.group()
def command() -> None:
    """Persons and units that real-name verification can confirm without asking another office."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing.")
def import_file(file: Path, *, dry_run: bool) -> None:
    """Take the rows of FILE (CSV) into the register; a row that is known already is replaced."""
    try:
        register = open_register(file)
        imported = _with_progress(register, dry_run=dry_run)
    except RegisterFileError as error:
        raise click.ClickException(f"{file}: {_REASONS[str(error.params['reason'])]}") from None
    for row in imported.bad[:_SHOWN]:
        click.echo(f"line {row.line}: {row.column.value}: {row.code}", err=True)
    if len(imported.bad) > _SHOWN:
        click.echo(f"… and {len(imported.bad) - _SHOWN} more", err=True)
    words = "would be " if dry_run else ""
    click.echo(f"{imported.new} {words}new, {imported.replaced} {words}replaced, {len(imported.bad)} skipped")


def _with_progress(register: RegisterFile, *, dry_run: bool) -> Imported:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("units" if register.holds_units else "persons", total=max(register.lines - 1, 0))
        return import_register(
            actor=Actor.operator(getpass.getuser()),
            file=register,
            dry_run=dry_run,
            progress=lambda rows: bar.advance(task, rows),
        )
