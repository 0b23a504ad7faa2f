"""`tongban transfer`: accounts of another platform are brought over; see docs/transfer.md."""

import csv
import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from tongban.audit.actors import Actor
from tongban.transfer import queries, sentences
from tongban.transfer.errors import BatchUnknown, FileRefused, ImportRunning, UndoRefused
from tongban.transfer.file_format import Field, LegacyFile, open_file
from tongban.transfer.flows.import_file import Rehearsal, import_file, rehearse
from tongban.transfer.flows.undo_import import undo_import
from tongban.transfer.models import Batch
from tongban.transfer.rules import Kind, Outcome

_SMALL = 2_000_000  # bytes; a file so small is prepared before another process has started
_BAD_SHOWN = 20
_REFUSALS = {
    "encoding": "neither UTF-8 nor GB18030",
    "column_missing": "no column for {columns}; name one with --map TITLE=FIELD",
    "column_twice": "more than one column for {columns}; say which with --map TITLE=FIELD, or take the others out",
    "column_unknown": "there is no column {columns}",
}


class RowRate(ProgressColumn):
    """Rows a second."""

    def render(self, task: Task) -> Text:
        """Return the rate since the start."""
        rows, seconds = task.fields["rows"], task.elapsed or 0
        return Text(f"{rows:,} rows, {rows / seconds:,.0f}/s" if seconds else "")


@click.group()
def command() -> None:
    """Accounts of another platform: bring them over, report, take back."""


def _operator() -> Actor:
    return Actor.operator(getpass.getuser())


def _columns(told: tuple[str, ...], mapping: Path | None) -> dict[str, Field]:
    """Return fields by the titles of columns; raises `UsageError`."""
    lines = mapping.read_text(encoding="utf-8-sig").splitlines() if mapping else []
    columns: dict[str, Field] = {}
    for line in (*lines, *told):
        if not line.strip() or line.startswith("#"):
            continue
        title, _equals, name = line.rpartition("=")
        try:
            columns[title.strip()] = Field(name.strip())
        except ValueError:
            fields = ", ".join(Field)
            message = f"{line!r} is not TITLE=FIELD with one of the fields {fields}"
            raise click.UsageError(message) from None
    return columns


def _opened(path: Path, kind: str | None, columns: Mapping[str, Field]) -> LegacyFile:
    try:
        return open_file(path, kind=Kind(kind) if kind else None, columns=columns)
    except FileRefused as error:
        reason = _REFUSALS[str(error.params["reason"])].format(columns=error.params.get("columns"))
        raise click.ClickException(f"{path}: {reason}") from None


@contextmanager
def _bar(file: LegacyFile) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), RowRate(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"{file.kind.value}s", total=file.size, rows=0)

        def advance(rows: int, size: int) -> None:
            progress.update(task, advance=size, rows=progress.tasks[0].fields["rows"] + rows)

        yield advance


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="What the rows are, if not seen.")
@click.option("--map", "told", multiple=True, metavar="TITLE=FIELD", help="What a column holds; may be repeated.")
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File of such lines.")
@click.option("--dry-run", is_flag=True, help="Read, check and decide everything, write nothing.")
@click.option("--processes", type=int, help="Processes that prepare rows; as many as processors if not said.")
def import_command(
    file: Path, *, kind: str | None, told: tuple[str, ...], mapping: Path | None, dry_run: bool, processes: int | None
) -> None:
    """Bring the accounts in FILE (CSV) over. Stopped or killed, it goes on when it is called again."""
    opened = _opened(file, kind, _columns(told, mapping))
    if processes is None:
        processes = 0 if opened.size < _SMALL else min(4, os.cpu_count() or 1)
    try:
        with _bar(opened) as progress:
            if dry_run:
                result: Rehearsal | Batch = rehearse(file=opened, processes=processes, progress=progress)
            else:
                result = import_file(actor=_operator(), file=opened, processes=processes, progress=progress)
    except ImportRunning:
        message = "another import, or the undoing of one, is at work; nothing was done"
        raise click.ClickException(message) from None
    if isinstance(result, Rehearsal):
        _print_rehearsal(result)
    else:
        _print_batch(result)


def _print_batch(batch: Batch) -> None:
    click.echo(f"batch {batch.id}: {_state(batch)}")
    _print_counts(batch.counts, batch.rows_read, batch.rows_known, batch.rows_changed, batch.rows_bad)
    for bad in queries.bad_rows_of(batch)[:_BAD_SHOWN]:
        _print_bad(bad.row, bad.column, bad.reason, bad.sample)
    if batch.rows_bad > _BAD_SHOWN:
        click.echo(f"… and {batch.rows_bad - _BAD_SHOWN} more: tongban transfer report {batch.id} --csv FILE")


def _print_rehearsal(found: Rehearsal) -> None:
    click.echo("Nothing was written. If the file were imported now:")
    _print_counts(found.counts, found.rows, found.known, found.changed, found.rows_bad)
    for outcome, rows in sorted(found.conflicts.items()):
        for one in rows:
            name = queries.masked_name(one.login_name) or "—"
            click.echo(f"e.g. row {one.row}: {outcome.value} {sentences.REASONS[one.reason]} → {name}")
    for slip in found.bad[:_BAD_SHOWN]:
        _print_bad(slip.row, slip.column, slip.reason, slip.sample)
    if found.rows_bad > _BAD_SHOWN:
        click.echo(f"… and {found.rows_bad - _BAD_SHOWN} more")


def _print_counts(counts: Mapping[str, int], rows: int, known: int, changed: int, bad: int) -> None:
    for outcome, number in sorted(counts.items()):
        click.echo(f"{number:>10,}  {outcome}  {sentences.OUTCOMES[Outcome(outcome)]}")
    click.echo(f"{known:>10,}  known from an earlier file, {changed:,} of them brought up to date")
    click.echo(f"{bad:>10,}  bad rows")
    click.echo(f"{rows:>10,}  rows")


def _print_bad(row: int, column: str, reason: str, sample: str) -> None:
    said = f" ({sample})" if sample else ""
    click.echo(f"row {row}: {column or 'row'}: {reason}: {sentences.BAD[reason]}{said}", err=True)


def _state(batch: Batch) -> str:
    for moment, word in ((batch.undone_at, "undone"), (batch.finished_at, "finished")):
        if moment:
            return f"{word} {timezone.localtime(moment):%Y-%m-%d %H:%M}"
    return f"stopped after row {batch.last_row}; import the file again to go on"


@command.command("list")
def list_command() -> None:
    """List the files that were imported."""
    table = Table("Batch", "File", "Kind", "Rows", "Bad", "Outcomes", "State", box=None)
    for batch in queries.batches():
        counts = " ".join(f"{outcome}:{number}" for outcome, number in batch.counts.items())
        cells = (str(batch.id), batch.file_name, batch.kind, str(batch.rows_read), str(batch.rows_bad), counts)
        table.add_row(*cells, _state(batch))
    Console(width=200).print(table)


@command.command("report")
@click.argument("batch")
@click.option("--csv", "output", type=click.File("w", encoding="utf-8-sig"), help="Write every row to this file.")
def report_command(*, batch: str, output: TextIO | None) -> None:
    """Say what became of the rows of BATCH (the beginning of its id will do)."""
    found = _batch(batch)
    if output is None:
        _print_batch(found)
        return
    rows = 0
    writer = csv.writer(output)
    writer.writerow(queries.REPORT_HEADER)
    for line in queries.report(found):
        writer.writerow(line.cells)
        rows += 1
    click.echo(f"{rows} rows", err=True)


@command.command("undo")
@click.argument("batch")
@click.confirmation_option(prompt="Delete every account that this batch made?")
def undo_command(*, batch: str) -> None:
    """Take BATCH back, as if it had not been imported; refused once anybody has used an account of it."""
    found = _batch(batch)
    try:
        undo_import(actor=_operator(), batch_id=found.id)
    except UndoRefused as refused:
        why = {"undone": "it is undone already", "used": "somebody has used an account of it; nothing was changed"}
        raise click.ClickException(why[str(refused.params["reason"])]) from None
    except ImportRunning:
        message = "an import is at work; nothing was done"
        raise click.ClickException(message) from None
    click.echo(f"batch {found.id} is undone")


def _batch(start: str) -> Batch:
    try:
        return queries.batch_named(start)
    except BatchUnknown as unknown:
        message = f"{unknown.params['found']} batches begin with {start!r}: see `tongban transfer list`"
        raise click.ClickException(message) from None
