"""Errors of the room.

RecoveryError
└── LinkDead    a one-time link opens nothing (any more); `code` says why
"""


class RecoveryError(Exception):
    """Root of the tree. `code` is stable; the sentence is written by whoever shows it."""

    code = "recovery.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params
