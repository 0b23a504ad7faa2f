"""What this room needs of the evidence store. The store itself is the vault's; it is put in at start-up.

Files belong to a person until a case freezes them; they are erased some time after the case has ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tongban.audit.actors import Actor


@dataclass(frozen=True, slots=True)
class File:
    """A frozen file as the desk lists it. `ready` is false while it is being re-encoded, and once it was erased."""

    id: UUID
    slot: str
    ready: bool


class Content(Protocol):
    """What is in a file."""

    @property
    def content(self) -> bytes:
        """The bytes of the picture, re-encoded."""
        ...

    @property
    def media_type(self) -> str:
        """`image/jpeg` or `image/png`."""
        ...


class Store(Protocol):
    """The evidence store."""

    def freeze(self, *, files: Sequence[UUID], case_id: UUID) -> None:
        """Keep the files unchanged for the case, in the caller's transaction."""
        ...

    def files(self, case_id: UUID) -> Sequence[File]:
        """Return the files frozen for the case."""
        ...

    def open(self, *, actor: Actor, file_id: UUID) -> Content:
        """Return what is in a file, for review."""
        ...

    def erase_after(self, case_id: UUID, when: datetime | None) -> None:
        """Let the files of the case be erased some time after `when`, when it ended; `None`: keep them, it goes on."""
        ...


class _Nothing:
    """Stands where there is no evidence store: no case has files."""

    def freeze(self, *, files: Sequence[UUID], case_id: UUID) -> None:
        if files:
            raise LookupError(files)

    def files(self, case_id: UUID) -> Sequence[File]:
        return ()

    def open(self, *, actor: Actor, file_id: UUID) -> Content:
        raise LookupError(file_id)

    def erase_after(self, case_id: UUID, when: datetime | None) -> None:
        """Nothing is kept, so nothing is erased."""


_store: Store = _Nothing()


def use(store: Store) -> None:
    """Put in the evidence store."""
    global _store  # noqa: PLW0603 - one process has one store
    _store = store


def store() -> Store:
    """Return the evidence store."""
    return _store
