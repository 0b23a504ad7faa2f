"""Anchors: the end of the chain, noted outside the database after every batch of seals.

A chain alone cannot tell that its last links were cut off; an anchor can. The lines also go to the log
`tongban.audit.anchor`: whoever ships that log to another machine keeps proof that nobody with this machine can alter.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings

log = structlog.get_logger("tongban.audit.anchor")


@dataclass(frozen=True, slots=True)
class Anchor:
    """The chain ended at `sequence` with `mac`, at the moment `at`."""

    sequence: int
    mac: str
    at: datetime


def path() -> Path:
    """Return the file of anchors."""
    configured: Path | None = settings.AUDIT_ANCHORS
    home: Path = settings.HOME
    return configured or home / "audit" / "anchors.jsonl"


def append(anchor: Anchor) -> None:
    """Add one line to the file, on the disk when this returns, and to the log."""
    row = {"sequence": anchor.sequence, "mac": anchor.mac, "at": anchor.at.isoformat()}
    file = path()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, (json.dumps(row) + "\n").encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    log.info("anchor", **row)


def read(file: Path) -> Iterator[Anchor | None]:
    """Yield every anchor of `file` in order, `None` for a line that is none; nothing when there is no file."""
    if not file.exists():
        return
    with file.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            yield _parse(line)


def _parse(line: str) -> Anchor | None:
    try:
        row = json.loads(line)
        return Anchor(int(row["sequence"]), str(row["mac"]), datetime.fromisoformat(row["at"]))
    except (ValueError, KeyError, TypeError):
        return None
