"""The journey of a real-name verification as one table, and the pure rules beside it.

Each row says what must be true before the step, where each turn leads, and what falls when the entries change on it:
changed entries void a consent that was given for the earlier ones, close a check that was asked for them, and cancel
the case in which a reviewer looks at them. A proof stands until a later check is decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from tongban.proofing.errors import NotFromHere


class Step(StrEnum):
    """Where an account stands on the journey."""

    FILL_IN = "fill_in"
    CONSENT = "consent"
    ASK = "ask"
    WAIT = "wait"
    BIND = "bind"
    CORRECT = "correct"
    REVIEW = "review"
    VERIFIED = "verified"


class Turn(StrEnum):
    """What can happen on a step."""

    ENTERED = "entered"
    CONSENTED = "consented"
    WITHDRAWN = "withdrawn"
    MATCH = "match"
    MISMATCH = "mismatch"
    NO_RECORD = "no_record"
    NO_AUTHORITY = "no_authority"
    UNAVAILABLE = "unavailable"
    BOUND = "bound"
    TAKEN = "taken"
    EVIDENCE = "evidence"
    CORRECTED = "corrected"
    RETURNED = "returned"
    REJECTED = "rejected"


class Fact(StrEnum):
    """What must be true before a step may be entered."""

    ENTRIES = "entries"
    CONSENT = "consent"
    OPEN_CHECK = "open_check"
    MATCH = "match"
    DECIDED = "decided"
    BINDING = "binding"
    CASE = "case"


class Undo(StrEnum):
    """What falls when the entries change on a step."""

    NOTHING = "nothing"
    VOID_CONSENT = "void_consent"
    CLOSE_CHECK = "close_check"
    CANCEL_CASE = "cancel_case"


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """One row of the table: a step, its preconditions, where its turns lead, what changed entries undo."""

    step: Step
    needs: frozenset[Fact]
    next: Mapping[Turn, Step]
    undo: Undo


_ANSWERED: Mapping[Turn, Step] = MappingProxyType(
    {
        Turn.MATCH: Step.BIND,
        Turn.MISMATCH: Step.CORRECT,
        Turn.NO_RECORD: Step.CORRECT,
        Turn.NO_AUTHORITY: Step.CORRECT,
        Turn.UNAVAILABLE: Step.WAIT,
    }
)
_AGAIN: Mapping[Turn, Step] = MappingProxyType({Turn.ENTERED: Step.CONSENT})

JOURNEY: Mapping[Step, JourneyRow] = MappingProxyType(
    {
        row.step: row
        for row in (
            JourneyRow(Step.FILL_IN, frozenset(), _AGAIN, Undo.NOTHING),
            JourneyRow(Step.CONSENT, frozenset({Fact.ENTRIES}), {Turn.CONSENTED: Step.ASK}, Undo.VOID_CONSENT),
            JourneyRow(Step.ASK, frozenset({Fact.ENTRIES, Fact.CONSENT}), _ANSWERED, Undo.CLOSE_CHECK),
            JourneyRow(
                Step.WAIT,
                frozenset({Fact.OPEN_CHECK}),
                {**_ANSWERED, **_AGAIN, Turn.WITHDRAWN: Step.FILL_IN},
                Undo.CLOSE_CHECK,
            ),
            JourneyRow(
                Step.BIND, frozenset({Fact.MATCH}), {Turn.BOUND: Step.VERIFIED, Turn.TAKEN: Step.CORRECT}, Undo.NOTHING
            ),
            JourneyRow(Step.CORRECT, frozenset({Fact.DECIDED}), {**_AGAIN, Turn.EVIDENCE: Step.REVIEW}, Undo.NOTHING),
            JourneyRow(
                Step.REVIEW,
                frozenset({Fact.DECIDED, Fact.CASE}),
                {
                    **_AGAIN,
                    Turn.MATCH: Step.BIND,
                    Turn.RETURNED: Step.REVIEW,
                    Turn.EVIDENCE: Step.REVIEW,
                    Turn.CORRECTED: Step.REVIEW,
                    Turn.REJECTED: Step.CORRECT,
                },
                Undo.CANCEL_CASE,
            ),
            # A change that could not be checked goes to a reviewer too, while the earlier proof stands.
            JourneyRow(Step.VERIFIED, frozenset({Fact.BINDING}), {**_AGAIN, Turn.EVIDENCE: Step.REVIEW}, Undo.NOTHING),
        )
    }
)


def after(step: Step, turn: Turn) -> Step:
    """Return the step `turn` leads to from `step`; raises `NotFromHere` when the table has no such turn."""
    try:
        return JOURNEY[step].next[turn]
    except KeyError:
        raise NotFromHere(step=step, turn=turn) from None


class Block(StrEnum):
    """A block of entries that is checked by one question to an authority."""

    PERSON = "person"
    UNIT = "unit"
    AGENT = "agent"


class Answer(StrEnum):
    """What an authority says about one question."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NO_RECORD = "no_record"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Said:
    """What was said to one question, and by which authority; `answer` is `None` when none covers it (`by` is "")."""

    answer: Answer | None
    by: str


class Result(StrEnum):
    """How a verification ended."""

    VERIFIED = "verified"
    MISMATCH = "mismatch"
    NO_RECORD = "no_record"
    NO_AUTHORITY = "no_authority"
    CONFLICT = "conflict"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    CORRECTED = "corrected"
    """Entries that were corrected inside a returned case: a reviewer decides, whatever an authority says."""


REVIEWABLE = (Result.MISMATCH, Result.NO_RECORD, Result.NO_AUTHORITY, Result.CORRECTED)
"""Results after which a person can look where the machine could not."""


def turn_of(answers: Mapping[Block, Answer | None]) -> Turn:
    """Join the answers to all questions of one verification; `None` stands for a question no authority can be asked.

    One block that contradicts the register decides at once. An agent nobody has a record of does not stop a unit whose
    own data match: the agent stays a declared one (foreign agents and new residents are in no register).
    """
    given = {block: Turn.NO_AUTHORITY if answer is None else Turn(answer) for block, answer in answers.items()}
    if given.get(Block.AGENT) in {Turn.NO_RECORD, Turn.NO_AUTHORITY}:
        del given[Block.AGENT]
    for turn in (Turn.MISMATCH, Turn.NO_AUTHORITY, Turn.NO_RECORD, Turn.UNAVAILABLE):
        if turn in given.values():
            return turn
    return Turn.MATCH


_FIRST_RETRY = timedelta(seconds=2)
_LONGEST_RETRY = timedelta(minutes=5)


def retry_after(asks: int) -> timedelta:
    """Return how long to wait after `asks` askings (≥ 1) without an answer: 2 s, doubled each time, at most 5 min."""
    return min(_FIRST_RETRY * (1 << min(asks - 1, 16)), _LONGEST_RETRY)
