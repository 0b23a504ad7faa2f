"""Errors of the room.

RecoveryError
├── AppealIncomplete  the appeal lacks something that must be there: start over
└── LinkDead          a link opens nothing, or nothing any more; `code` says why
"""


class RecoveryError(Exception):
    """Root of the tree. `code` is stable; the sentence is written by whoever shows it."""

    code = "recovery.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class AppealIncomplete(RecoveryError):
    """The appeal is unknown or forgotten, its phone is not proved, or pictures are missing."""

    code = "recovery.appeal_incomplete"


class LinkDead(RecoveryError):
    """The link opens nothing: `recovery.link_` unknown, spent, expired, stopped, halted, too_late or reviewed."""

    code = "recovery.link_unknown"

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__()
