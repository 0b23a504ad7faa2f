"""Encrypted contents as files under EVIDENCE_FOLDER. A blob is written once, under a random name, and never changed.

A blob exists before the row that names it, and outlives it by moments: whatever no row names is swept. A file's
modification time is the platform's time, so that the sweep judges its age by the same clock.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tongban.kernel import clock
from tongban.vault import sealing

_CONTEXT = "vault.evidence_file.content"
_NAME = re.compile(r"[0-9a-f]{32}")
_UNFINISHED = ".part"


def folder() -> Path:
    """Return where the blobs are: EVIDENCE_FOLDER, else `evidence` under HOME."""
    path: Path = settings.EVIDENCE_FOLDER or settings.HOME / "evidence"
    return path


@contextmanager
def written(content: bytes, *, file_id: UUID) -> Iterator[tuple[str, str]]:
    """Write `content` of the evidence file `file_id`; give its name and the id of the key it is sealed with.

    When the block fails, the blob is removed again. The blob is on the disk, not only in its cache, when this returns.
    """
    name = secrets.token_hex(16)
    sealed = sealing.seal(content, context=_CONTEXT, row=_row(file_id, name))
    _write(_path(name), sealed)
    try:
        yield name, sealing.key_id_of(sealed)
    except BaseException:
        remove(name)
        raise


def read(name: str, *, file_id: UUID) -> bytes:
    """Return the content of a blob; raises `FileNotFoundError`, `vault.errors.Tampered`, `KeyUnknown`."""
    return sealing.open_sealed(_path(name).read_bytes(), context=_CONTEXT, row=_row(file_id, name))


def remove(name: str) -> None:
    """Remove a blob; one that is gone already stays gone."""
    _path(name).unlink(missing_ok=True)


def older_than(moment: datetime) -> Iterator[str]:
    """Return the names of all blobs written before `moment`; leftovers of a writer that was killed are removed."""
    for path in sorted(folder().glob("??/*")):
        try:
            at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:
            continue
        if at >= moment:
            continue
        if path.suffix == _UNFINISHED:
            path.unlink(missing_ok=True)
        elif _NAME.fullmatch(path.name):
            yield path.name


def _row(file_id: UUID, name: str) -> str:
    """Return what the content is bound to: no blob can stand in for another, not even an earlier one of its file."""
    return f"{file_id}/{name}"


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return folder() / name[:2] / name


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(_UNFINISHED)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    now = clock.now().timestamp()
    os.utime(unfinished, (now, now))
    unfinished.rename(path)
    parent = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)
