"""Bring the accounts of a file over: decided, written and counted block by block, each in a transaction of its own."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction

from tongban.accounts.models import PHONE_DOMAIN, LegalProfile
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.audit.rules import JsonScalar
from tongban.design.labels import UNIT_TYPES
from tongban.kernel import clock
from tongban.kernel.masking import mask_phone
from tongban.transfer import events
from tongban.transfer.file_format import BLOCK, LegacyFile
from tongban.transfer.flows.note_slow_kinds import note_slow_kinds
from tongban.transfer.locking import only_one
from tongban.transfer.models import BadRow, Batch, LegacyAccount
from tongban.transfer.preparing import Contexts, Prepared, Preparer, Repeat, Slip
from tongban.transfer.refreshing import refresh
from tongban.transfer.rules import Kind, Outcome
from tongban.transfer.staging import NOBODY, Decided, Known, Staging
from tongban.transfer.working import prepared_blocks
from tongban.vault import keys
from tongban.vault.fields import context_of

Facts = dict[str, JsonScalar]
Progress = Callable[[int, int], None]
"""Is told how many rows and how many bytes of the file were handled since it was last told."""
CONFLICTS = (Outcome.E2, Outcome.E3, Outcome.E4, Outcome.P2, Outcome.P3, Outcome.P4)
"""Outcomes of rows that met an account of the platform."""
_SAMPLES, _BAD_SHOWN = 5, 1000
_LOG_PAGES = 25_000  # of 4 KiB
_DUPLICATE, _CONFLICTING, _NAME_TAKEN = "transfer.duplicate_row", "transfer.conflicting_row", "transfer.name_taken"


@dataclass
class Rehearsal:
    """What an import would do, if it were done now: nothing of it is written."""

    rows: int = 0
    known: int = 0
    changed: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    rows_bad: int = 0
    bad: list[Slip] = field(default_factory=list)
    conflicts: dict[Outcome, list[Decided]] = field(default_factory=dict)


@dataclass(slots=True)
class _Known:
    """The staged `rows` that are not new: which are `bad` and which `changed`, and how many say the `same` again."""

    rows: list[int] = field(default_factory=list)
    bad: list[Slip] = field(default_factory=list)
    changed: list[Known] = field(default_factory=list)
    same: int = 0


def import_file(
    *,
    actor: Actor,
    file: LegacyFile,
    processes: int = 0,
    block: int = BLOCK,
    progress: Progress = lambda _rows, _bytes: None,
) -> Batch:
    """Import what of the file was not imported before, and return its batch; a finished file is not touched again.

    Killed at any point, the next call goes on where this one stopped. `processes` prepare rows beside this one; 0 does
    everything here. Raises `ImportRunning`. Call it outside of any transaction.
    """
    with only_one():
        batch = _batch_of(file)
        if batch.finished_at:
            return batch
        with _staging(file.kind) as staging:
            preparer = preparer_of(file, batch.id)
            blocks = file.blocks(after=batch.offset, last_row=batch.last_row, size=block)
            progress(batch.rows_read, batch.offset)
            for prepared in prepared_blocks(preparer, blocks, processes):
                before = batch.offset
                with transaction.atomic():
                    _import_block(actor, staging, batch, prepared)
                progress(prepared.rows, batch.offset - before)
        with transaction.atomic():
            batch.finished_at = clock.now()
            batch.save(update_fields=["finished_at"])
            facts: Facts = {"batch": str(batch.id), "rows": batch.rows_read, "bad": batch.rows_bad}
            record(events.IMPORTED, actor=actor, facts=facts)
    return batch


def rehearse(
    *,
    file: LegacyFile,
    processes: int = 0,
    block: int = BLOCK,
    progress: Progress = lambda _rows, _bytes: None,
) -> Rehearsal:
    """Return what `import_file` would do with the whole file, and write nothing. Raises `ImportRunning`."""
    found, offset = Rehearsal(), 0
    with only_one(), _staging(file.kind) as staging:
        for prepared in prepared_blocks(preparer_of(file, NOBODY), file.blocks(size=block), processes):
            with transaction.atomic():
                _rehearse_block(staging, found, prepared)
            progress(prepared.rows, prepared.end - offset)
            offset = prepared.end
    return found


def _batch_of(file: LegacyFile) -> Batch:
    """Return the batch of this file: the one that was begun, else a new one."""
    found = {"file_digest": file.digest, "kind": file.kind, "undone_at": None}
    begun, _made = Batch.objects.get_or_create(**found, defaults={"file_name": file.path.name[:255]})
    return begun


@contextmanager
def _staging(kind: Kind) -> Iterator[Staging]:
    """Yield the temporary tables; SQLite gets enough memory to keep its indexes in, and a longer log.

    Blocks touch leaves all over the indexes: with the usual log each would write most of them back to the file.
    """
    staging = Staging(kind, indexes=len(keys.all_keys(keys.INDEX)))
    if not staging.is_postgresql:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA temp_store = MEMORY")
            cursor.execute("PRAGMA cache_size = -65536")  # KiB
            cursor.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
    staging.create()
    try:
        yield staging
    finally:
        staging.drop()
        if not staging.is_postgresql:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_autocheckpoint = 1000")  # as it was


def preparer_of(file: LegacyFile, batch_id: UUID) -> Preparer:
    """Return what makes the blocks of the file ready for this database."""
    contexts = Contexts(
        phone=PHONE_DOMAIN,
        legacy_phone=context_of(LegacyAccount, "phone"),
        contact_name=context_of(LegalProfile, "contact_name"),
        phone_index=PHONE_DOMAIN,
    )
    unit_types = {text: kind.value for kind, label in UNIT_TYPES.items() for text in (kind.value, str(label))}
    form = (file.kind, file.encoding, file.delimiter, file.fields)
    return Preparer(*form, contexts, unit_types, batch_id, connection.vendor)


def _import_block(actor: Actor, staging: Staging, batch: Batch, prepared: Prepared) -> None:
    """Write one block, in the caller's transaction."""
    note_slow_kinds(prepared.slow)
    staging.begin()
    meeting: set[int] | None = staging.meeting(prepared)
    written = staging.write_free(prepared, meeting or ())
    if written is None:  # somebody took a name since: whatever it is, the block is decided on it
        written, meeting = {}, None
    known, changed, bad = _Known(), 0, list(prepared.slips)
    if meeting is None or meeting:
        staging.load(prepared, meeting)
        known = _sort_out(staging, batch.id, prepared.repeats)
        changed = refresh(staging, known.changed, batch)
        staging.leave_out(known.rows)
        taken = staging.write(batch.id, clock.now())
        bad += known.bad + _bad(staging, dict.fromkeys(taken, _NAME_TAKEN))
        written = Counter(written) + Counter(staging.counts())
    BadRow.objects.bulk_create(
        BadRow(batch=batch, row=slip.row, column=slip.column, reason=slip.reason, sample=slip.sample) for slip in bad
    )
    counts = Counter(batch.counts)
    counts.update(written)
    batch.counts = dict(sorted(counts.items()))
    batch.offset, batch.last_row = prepared.end, prepared.last_row
    batch.rows_read += prepared.rows
    batch.rows_bad += len(bad)
    batch.rows_known += known.same + len(known.changed)
    batch.rows_changed += changed
    batch.save()
    facts: Facts = {
        "batch": str(batch.id),
        "last_row": batch.last_row,
        "rows": prepared.rows,
        "bad": len(bad),
        "changed": changed,
        "digest": prepared.digest,
    }
    record(events.ROWS_IMPORTED, actor=actor, facts=facts)


def _rehearse_block(staging: Staging, found: Rehearsal, prepared: Prepared) -> None:
    staging.begin()
    staging.load(prepared)
    known = _sort_out(staging, NOBODY, prepared.repeats)
    staging.leave_out(known.rows)
    seen = {row: _DUPLICATE if same else _CONFLICTING for row, same in staging.seen()}
    bad = sorted(prepared.slips + known.bad + _bad(staging, seen), key=lambda slip: slip.row)
    staging.leave_out(seen)
    staging.decide()
    found.rows += prepared.rows
    found.known += known.same + len(known.changed)
    found.changed += len(known.changed)
    found.rows_bad += len(bad)
    found.bad += bad[: _BAD_SHOWN - len(found.bad)]
    found.counts.update(staging.counts())
    for outcome in CONFLICTS:
        kept = found.conflicts.setdefault(outcome, [])
        kept += staging.decided(outcome, _SAMPLES - len(kept))


def _sort_out(staging: Staging, batch_id: UUID, repeats: Sequence[Repeat]) -> _Known:
    """Return the staged rows whose unit or person an earlier file, this file, or this block has had already."""
    found = staging.known(batch_id)
    reasons: dict[int, str] = {}
    changed: dict[UUID, Known] = {}
    same = 0
    for one in found:
        if one.here:
            reasons[one.row] = _DUPLICATE if one.same else _CONFLICTING
        elif one.legacy_id in changed:
            reasons[one.row] = _CONFLICTING
        elif one.same:
            same += 1
        else:
            changed[one.legacy_id] = one
    known = {one.row for one in found}
    again = {repeat.row: _DUPLICATE if repeat.same else _CONFLICTING for repeat in repeats if repeat.first not in known}
    bad = _bad(staging, reasons | again)
    return _Known(sorted(known | set(again)), bad, list(changed.values()), same)


def _bad(staging: Staging, reasons: Mapping[int, str]) -> list[Slip]:
    """Return staged rows that are bad after all, each with its reason."""
    keys_of = {values["row"]: str(values["login_key"]) for values in staging.staged(reasons)}
    is_unit = staging.kind is Kind.UNIT
    samples = {row: key.upper() if is_unit else mask_phone(key) for row, key in keys_of.items()}
    return [Slip(row, "", reason, samples[row]) for row, reason in sorted(reasons.items())]
