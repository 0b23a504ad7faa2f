"""Errors of the room.

TransferError
└── LegacyHashRefused  the text is no legacy password hash that is known here; `code` says what is wrong
"""


class TransferError(Exception):
    """Root of the tree. `code` is stable; the sentence is written by whoever shows it."""

    code = "transfer.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class LegacyHashRefused(TransferError):
    """The text is no hash that is known here. `transfer.hash_` empty, kind, shape, salt, digest, or cost.

    The parameters never hold any part of the hash.
    """

    code = "transfer.hash_shape"

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        super().__init__(**params)
