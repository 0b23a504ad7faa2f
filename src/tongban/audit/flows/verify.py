"""Prove that the trail is what was recorded: find every altered, missing, inserted, moved or cut-off row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path

from tongban.audit import anchors, chain, guard, queries
from tongban.audit.anchors import Anchor
from tongban.audit.chain import Link
from tongban.audit.findings import Finding, Kind
from tongban.audit.models import Event, Retirement, Seal
from tongban.audit.queries import Epoch
from tongban.kernel import clock

LATE = timedelta(minutes=10)
MOST_FINDINGS = 1000
_CHUNK = 1000

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Report:
    """What was checked (`sealed` events, up to the number `last`), what waits, with which keys, and what is wrong."""

    start: int
    last: int
    sealed: int
    waiting: int
    oldest_waiting: timedelta | None
    anchored: int
    epochs: list[Epoch] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def verify(
    *,
    anchor_file: Path | None = None,
    late: timedelta = LATE,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Check the whole trail and return a report with at most `MOST_FINDINGS` findings.

    Runs beside the sealing worker: events sealed meanwhile are left to the next run. `anchor_file` is the file of
    anchors, such as a copy kept on another machine; `progress` is told (checked, total) seals.
    """
    retirement, start = _start()
    last = queries.last_sequence()
    total = Seal.objects.filter(sequence__gt=start.sequence, sequence__lte=last).count()
    done = 0

    def advance(checked: int) -> None:
        nonlocal done
        done += checked
        progress(done, total)

    report = Report(start.sequence, last, total, *_waiting(), anchored=0, epochs=queries.epochs(start.sequence, last))

    def findings() -> Iterator[Finding]:
        if retirement is not None and start.sequence != retirement.through:
            yield Finding(Kind.RETIREMENT_UNPROVED, retirement.through, retirement.event_id)
        yield from chain.check(start, last, progress=advance)
        yield from _check_anchors(anchor_file or anchors.path(), start.sequence, report)
        yield from _check_unsealed(report, late)
        yield from (Finding(Kind.GUARD_MISSING, detail=name) for name in guard.missing())

    report.findings = list(islice(findings(), MOST_FINDINGS))
    return report


def _start() -> tuple[Retirement | None, Link]:
    """Return the latest retirement and where the chain begins: after it, if a genuine event attests it."""
    retirement = queries.last_retirement()
    if retirement is None:
        return None, Link()
    event = Event.objects.filter(id=retirement.event_id).first()
    stated = {"through": retirement.through, "mac": retirement.mac, "archive": retirement.archive_digest}
    if event is None or not chain.is_genuine(event) or not stated.items() <= event.facts.items():
        return retirement, Link()
    return retirement, Link(retirement.through, retirement.mac)


def _waiting() -> tuple[int, timedelta | None]:
    oldest = queries.waiting().first()
    event = Event.objects.filter(id=oldest.event_id).first() if oldest else None
    return queries.waiting().count(), clock.now() - event.at if event else None


def _check_anchors(file: Path, start: int, report: Report) -> Iterator[Finding]:
    """Compare every anchor after `start` with the seal of its number; nothing shows a cut-off tail but an anchor."""
    if report.sealed and not file.exists():
        yield Finding(Kind.ANCHORS_MISSING, detail=str(file))
    lines = anchors.read(file)
    while chunk := list(islice(lines, _CHUNK)):
        known = [anchor for anchor in chunk if anchor is not None]
        if len(known) < len(chunk):
            yield Finding(Kind.ANCHOR_UNREADABLE, detail=str(len(chunk) - len(known)))
        relevant = [anchor for anchor in known if anchor.sequence > start]
        yield from _compare(relevant, report)


def _compare(chunk: list[Anchor], report: Report) -> Iterator[Finding]:
    seals = Seal.objects.in_bulk([anchor.sequence for anchor in chunk])
    for anchor in chunk:
        seal = seals.get(anchor.sequence)
        report.anchored = max(report.anchored, anchor.sequence)
        if seal is None:
            yield Finding(Kind.TAIL_CUT_OFF, anchor.sequence, detail=anchor.at.isoformat())
        elif seal.mac != anchor.mac:
            yield Finding(Kind.ANCHOR_DIFFERS, anchor.sequence, seal.event_id, detail=anchor.at.isoformat())


def _check_unsealed(report: Report, late: timedelta) -> Iterator[Finding]:
    for event in queries.stray_events().iterator(chunk_size=_CHUNK):
        yield Finding(Kind.EVENT_STRAY, event_id=event.id)
    ids = list(queries.waiting().values_list("event_id", flat=True)[:_CHUNK])
    for event in Event.objects.in_bulk(ids).values():
        if not chain.is_genuine(event):
            yield Finding(Kind.EVENT_FORGED, event_id=event.id)
    if report.oldest_waiting is not None and report.oldest_waiting > late:
        yield Finding(Kind.EVENT_LATE, detail=str(report.waiting))
