"""Errors of the room.

TransferError
├── NotBroughtOver     the account is none of a unit's that was brought over as a person's
├── FileRefused        nothing of the file can be imported; `reason` says why
├── LegacyHashRefused  the text is no legacy password hash that is known here; `code` says what is wrong
├── ImportRunning      another import, or the undoing of one, is at work
├── BatchUnknown       there is no such batch, or there are several that begin so
└── UndoRefused        the batch cannot be undone; `reason` says why
"""


class TransferError(Exception):
    """Root of the tree. `code` is stable; the sentence is written by whoever shows it."""

    code = "transfer.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class NotBroughtOver(TransferError):
    """The account did not come as E4."""

    code = "transfer.not_brought_over"


class LegacyHashRefused(TransferError):
    """The text is no hash that is known here. `transfer.hash_` empty, kind, shape, salt, digest, or cost.

    The parameters never hold any part of the hash.
    """

    code = "transfer.hash_shape"

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        super().__init__(**params)


class FileRefused(TransferError):
    """`reason` is encoding, column_missing, column_twice or column_unknown (then `columns` names them)."""

    code = "transfer.file_refused"


class ImportRunning(TransferError):
    """Only one import is at work at any moment."""

    code = "transfer.import_running"


class BatchUnknown(TransferError):
    """No batch, or more than one, has an id that begins so."""

    code = "transfer.batch_unknown"


class UndoRefused(TransferError):
    """`reason` is undone (there is nothing left to undo) or used (somebody has used an account of it)."""

    code = "transfer.undo_refused"
