"""Take the rows of an operator's file into the embedded register, in sets, so that it can be repeated at any time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from django.conf import settings
from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.proofing import events
from tongban.proofing.errors import RegisterFileError
from tongban.proofing.models import DOCUMENT_DOMAIN, NAME_DOMAIN, RegisterPerson, RegisterUnit
from tongban.proofing.register_file import BadRow, PersonRow, RegisterFile, UnitRow
from tongban.vault import blind_index, digests

CHUNK = 1000
T = TypeVar("T")
R = TypeVar("R", RegisterPerson, RegisterUnit)


@dataclass
class Imported:
    """What became of the rows of a file; in a dry run what would become of them."""

    new: int = 0
    replaced: int = 0
    bad: list[BadRow] = field(default_factory=list)


def import_register(
    *, actor: Actor, file: RegisterFile, dry_run: bool, progress: Callable[[int], None] = lambda _rows: None
) -> Imported:
    """Insert or replace the rows of `file` by document number or USCC: a transaction and an audit event a chunk.

    Bad rows are skipped and returned. `progress` is told how many rows were handled since it was last told. A row that
    stands twice counts as its last. Raises `RegisterFileError` for forced answers where REGISTER_REHEARSAL is off.
    """
    if file.is_rehearsal and not settings.REGISTER_REHEARSAL:
        raise RegisterFileError(reason="rehearsal")
    imported = Imported()
    for chunk in _chunks(file.rows(), CHUNK):
        imported.bad += [row for row in chunk if isinstance(row, BadRow)]
        with transaction.atomic():
            persons = _persons([row for row in chunk if isinstance(row, PersonRow)], imported)
            units = _units([row for row in chunk if isinstance(row, UnitRow)], imported)
            if not dry_run:
                _write(RegisterPerson, persons, actor)
                _write(RegisterUnit, units, actor)
        progress(len(chunk))
    return imported


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, size)):
        yield chunk


def _persons(rows: list[PersonRow], imported: Imported) -> list[RegisterPerson]:
    """Return the rows to write, those the register knows under their keys; one look-up for all of them."""
    by_text = {row.document.identity: row for row in rows}
    text_of = {index: text for text in by_text for index in blind_index.candidates(DOCUMENT_DOMAIN, text)}
    known = RegisterPerson.objects.filter(document_index__in=text_of).values_list("document_index", "pk")
    keys = {text_of[index]: key for index, key in known}
    imported.new += len(by_text) - len(keys)
    imported.replaced += len(keys)
    now = clock.now()
    return [
        RegisterPerson(
            **_key(keys, text),
            document_kind=row.document.kind,
            country=row.document.country,
            document_number=row.document.number,
            document_index=blind_index.of(DOCUMENT_DOMAIN, text),
            name=row.name.value,
            name_index=blind_index.of(NAME_DOMAIN, row.name.matching_key),
            answer=row.answer,
            imported_at=now,
        )
        for text, row in by_text.items()
    ]


def _units(rows: list[UnitRow], imported: Imported) -> list[RegisterUnit]:
    """Return the rows to write, those the register knows under their keys; one look-up for all of them."""
    by_code = {row.uscc.value: row for row in rows}
    keys = dict(RegisterUnit.objects.filter(uscc__in=by_code).values_list("uscc", "pk"))
    imported.new += len(by_code) - len(keys)
    imported.replaced += len(keys)
    now = clock.now()
    return [
        RegisterUnit(
            **_key(keys, code),
            uscc=code,
            name=row.name.value,
            unit_type=row.unit_type,
            representative_name=row.representative_name.value,
            representative_name_index=blind_index.of(NAME_DOMAIN, row.representative_name.matching_key),
            representative_document_kind=row.representative_document.kind,
            representative_document_number=row.representative_document.number,
            representative_document_index=blind_index.of(DOCUMENT_DOMAIN, row.representative_document.identity),
            answer=row.answer,
            imported_at=now,
        )
        for code, row in by_code.items()
    ]


def _key(keys: dict[str, T], text: str) -> dict[str, T]:
    """A row that is known keeps its key: what is sealed in it is bound to the key."""
    return {"pk": keys[text]} if text in keys else {}


def _write(table: type[R], rows: list[R], actor: Actor) -> None:
    """Write `rows` in one statement. Two imports of one new row at the same time: the second fails and is repeated."""
    if not rows:
        return
    columns = [column.name for column in table._meta.concrete_fields if not column.primary_key]  # noqa: SLF001 - Django's documented interface
    table.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=columns)
    digest = digests.keyed("proofing.register.chunk", "\n".join(sorted(_fingerprint(row) for row in rows)))
    record(events.REGISTER_IMPORTED, actor=actor, facts={"rows": len(rows), "digest": digest})


def _fingerprint(row: RegisterPerson | RegisterUnit) -> str:
    if isinstance(row, RegisterPerson):
        return f"{row.document_index} {row.name_index} {row.answer}"
    who = f"{row.representative_name_index} {row.representative_document_index}"
    return f"{row.uscc} {row.name} {row.unit_type} {who} {row.answer}"
