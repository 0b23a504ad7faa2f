"""`tongban audit`: prove, read and keep the audit trail."""

import getpass
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tongban.audit import keys, names, page
from tongban.audit.actors import Actor
from tongban.audit.errors import RetireRefused
from tongban.audit.findings import Finding, Kind
from tongban.audit.flows.export import export
from tongban.audit.flows.retire import retire
from tongban.audit.flows.rotate import rotate
from tongban.audit.flows.verify import LATE, Report, verify
from tongban.audit.queries import Criteria
from tongban.kernel import key_ring

_SENTENCES = {
    Kind.EVENT_ALTERED: "the event was changed after it was sealed",
    Kind.EVENT_MISSING: "the sealed event is gone",
    Kind.EVENT_VANISHED: "the event was removed before it could be sealed",
    Kind.EVENT_FORGED: "the event was not written by the platform, or was changed before it was sealed",
    Kind.EVENT_STRAY: "the event has no seal and does not wait for one: it was put there past the platform",
    Kind.EVENT_LATE: "events wait too long for their seal: does the worker run?",
    Kind.SEAL_ALTERED: "the seal does not follow from the one before it: changed, moved or forged",
    Kind.SEAL_MISSING: "seals are missing from here on",
    Kind.TAIL_CUT_OFF: "an anchor knows this seal, the database does not: the end was cut off",
    Kind.ANCHOR_DIFFERS: "an anchor knows another seal of this number: the chain was rewritten",
    Kind.ANCHOR_UNREADABLE: "lines of the anchor file cannot be read",
    Kind.ANCHORS_MISSING: "there is no anchor file",
    Kind.RETIREMENT_UNPROVED: "a retirement that no event attests",
    Kind.GUARD_MISSING: "a trigger that keeps events append-only is missing",
}
_moment = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.group()
def command() -> None:
    """Prove, read and keep the audit trail."""


def _operator() -> Actor:
    return Actor.operator(getpass.getuser())


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


@command.command("verify")
@click.option("--anchors", type=click.Path(path_type=Path), help="File of anchors, e.g. a copy from another machine.")
@click.option("--late", type=int, default=int(LATE.total_seconds()), help="Seconds an event may wait for its seal.")
def verify_command(*, anchors: Path | None, late: int) -> None:
    """Check every event and seal; exit code 1 when anything was altered, removed, inserted, moved or cut off."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Checking seals", total=None)
        report = verify(
            anchor_file=anchors,
            late=timedelta(seconds=late),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    _print(report)
    if not report.intact:
        sys.exit(1)


def _print(report: Report) -> None:
    click.echo(f"checked   {report.sealed} sealed events, numbers {report.start + 1} to {report.last}")
    click.echo(f"anchored  up to number {report.anchored}")
    for epoch in report.epochs:
        hash_name = keys.hash_of(keys.CHAIN, epoch.key_id) or "unknown"
        click.echo(f"key       {epoch.key_id} ({hash_name}) for the numbers {epoch.first} to {epoch.last}")
    age = f", the oldest for {report.oldest_waiting.total_seconds():.0f} s" if report.oldest_waiting is not None else ""
    click.echo(f"waiting   {report.waiting} events without a seal yet{age}")
    for finding in report.findings:
        click.echo(_line(finding))
    click.echo("The audit trail is intact." if report.intact else f"{len(report.findings)} findings: NOT intact.")


def _line(finding: Finding) -> str:
    where = [f"seal {finding.sequence}"] if finding.sequence is not None else []
    where += [f"event {finding.event_id}"] if finding.event_id else []
    detail = f" ({finding.detail})" if finding.detail else ""
    return f"{finding.kind.value}: {' '.join(where)} {_SENTENCES[finding.kind]}{detail}".replace(":  ", ": ")


@command.command("export")
@click.option("--since", type=_moment, help="From this moment (UTC).")
@click.option("--until", type=_moment, help="Up to but without this moment (UTC).")
@click.option("--name", default="", help="Only this event name; a * at the end stands for the rest.")
@click.option("--subject", type=click.UUID, help="Only events about this row.")
@click.option("--actor", default="", help="Only events by this account, client or operator.")
@click.option("--output", type=click.File("wb"), default="-", help="File to write; the screen by default.")
def export_command(
    *, since: datetime | None, until: datetime | None, name: str, subject: UUID | None, actor: str, output: click.File
) -> None:
    """Write events as JSON lines, each with its place in the chain."""
    criteria = Criteria(_utc(since), _utc(until), name, subject, actor)
    count = export(actor=_operator(), criteria=criteria, out=output)  # type: ignore[arg-type] # click opens the file
    click.echo(f"{count} events", err=True)


@command.command("names")
@click.option("--write", type=click.Path(path_type=Path), help="Write the page of the documentation instead.")
def names_command(*, write: Path | None) -> None:
    """List every event name with its sentence."""
    if write is not None:
        write.write_text(page.render(), encoding="utf-8")
        return
    table = Table("Name", "What happened", box=None)
    for name in names.catalogue():
        table.add_row(name.name, str(name.sentence))
    Console().print(table)


@command.command("retire")
@click.option("--before", type=_moment, required=True, help="Events sealed before this moment (UTC) leave.")
@click.option("--archive", type=click.Path(path_type=Path), required=True, help="New file to keep them in.")
def retire_command(*, before: datetime, archive: Path) -> None:
    """Move events that have been kept long enough into an archive file and out of the database."""
    try:
        moved = retire(actor=_operator(), before=before.replace(tzinfo=UTC), archive=archive)
    except RetireRefused as refused:
        raise click.ClickException(f"refused: {refused.params}") from None
    click.echo(f"{moved.events} events, up to seal {moved.through}, moved to {archive} (SHA-256 {moved.sha256})")


@command.command("rotate")
@click.option(
    "--use", type=click.Choice(keys.USES), multiple=True, default=keys.USES, help="Which keys; all if not said."
)
@click.option(
    "--ready-in", type=int, default=60, help="Seconds until the new key is used; every machine needs it then."
)
def rotate_command(*, use: tuple[str, ...], ready_in: int) -> None:
    """Add new audit keys. Older keys stay: what they signed must be verified."""
    for one in use:
        key = rotate(actor=_operator(), use=one, ready_in=timedelta(seconds=ready_in))
        click.echo(f"{key.id}  {key.use}  {key.suite}  current from {key.current_from:%Y-%m-%d %H:%M:%S} UTC")


@command.command("create-keys")
def create_keys_command() -> None:
    """Make the key file named by AUDIT_KEY_RING, once, before the first start in production."""
    path = keys.key_file().path
    if not key_ring.create(path, keys.first_keys()):
        raise click.ClickException(f"{path} exists; nothing was changed")
    click.echo(f"made {path}")
