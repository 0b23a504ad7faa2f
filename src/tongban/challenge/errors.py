"""Errors of the room.

ChallengeError
├── TooManyRequests    a limit is reached; `retry_at` says when the next try is allowed
├── CodeRejected       a one-time code is not accepted; `code` says why
├── HumanCheckFailed   the answer to a 验证码 is wrong, late, used, or another browser's
├── NoPuzzle           a puzzle for scripts was asked for where HUMAN_CHECK names none
└── OutsideDemo        an answer was asked for that only a demonstration may show
"""

from datetime import datetime


class ChallengeError(Exception):
    """Root of the tree. `code` is stable; the sentence is written by whoever shows it."""

    code = "challenge.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class TooManyRequests(ChallengeError):
    """The limit named `limit` is reached; `retry_at` is when the next try is allowed (aware, UTC)."""

    code = "challenge.too_many_requests"

    def __init__(self, *, limit: str, retry_at: datetime) -> None:
        super().__init__(limit=limit, retry_at=retry_at)
        self.retry_at = retry_at


class CodeRejected(ChallengeError):
    """A one-time code is not accepted.

    `challenge.code_wrong`: not the code; it may be typed again. `challenge.code_expired`: too late.
    `challenge.code_spent`: used, or tried too often. For the last two a new code is needed.
    """

    code = "challenge.code_wrong"

    def __init__(self, *, code: str) -> None:
        self.code = code
        super().__init__()


class HumanCheckFailed(ChallengeError):
    """The answer to a 验证码 is wrong, late, used before, or belongs to another browser. A new one is needed."""

    code = "challenge.human_check_failed"


class NoPuzzle(ChallengeError):
    """The kind of 验证码 that is chosen poses no puzzles to scripts."""

    code = "challenge.no_puzzle"


class OutsideDemo(ChallengeError):
    """The answer of a 验证码 is shown in the profiles demo and test only."""

    code = "challenge.outside_demo"
