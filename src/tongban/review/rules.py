"""Pure rules of the room: where a case can stand, how it can end, what its history can say."""

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    AWAITING_SECOND = "awaiting_second"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


WAITING = (CaseState.SUBMITTED, CaseState.IN_REVIEW, CaseState.AWAITING_SECOND)
"""States in which the next move is ours."""
OPEN = (*WAITING, CaseState.RETURNED)
ENDED = (CaseState.APPROVED, CaseState.REJECTED, CaseState.CANCELLED)


class Outcome(StrEnum):
    """What a decision can say. Returned (退回补正) goes on after an answer; rejected (驳回) is over."""

    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"


STATE_AFTER = {
    Outcome.APPROVE: CaseState.APPROVED,
    Outcome.RETURN: CaseState.RETURNED,
    Outcome.REJECT: CaseState.REJECTED,
}


class AssignmentEnd(StrEnum):
    """Why somebody stopped working on a case."""

    DECIDED = "decided"
    HANDED_BACK = "handed_back"
    EXPIRED = "expired"
    RELATED = "related"
    ESCALATED = "escalated"
    CANCELLED = "cancelled"


class CancelReason(StrEnum):
    """Why a case ended without a decision. The person gets the message `case_…` of that name."""

    WITHDRAWN = "cancelled"
    LAPSED = "lapsed"
    REPLACED = "replaced"


class Settlement(StrEnum):
    """What became of a proposal."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Happening(StrEnum):
    """What a line of a case's history says."""

    SUBMITTED = "submitted"
    CLAIMED = "claimed"
    HANDED_BACK = "handed_back"
    EXPIRED = "expired"
    PROPOSED = "proposed"
    DECLINED = "declined"
    RETURNED = "returned"
    ANSWERED = "answered"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    REOPENED = "reopened"
    ESCALATED = "escalated"
    OVERDUE = "overdue"
    RELATED = "related"
    NOTED = "noted"
    UNSTAFFED = "unstaffed"


PUBLIC = frozenset(
    {
        Happening.SUBMITTED,
        Happening.CLAIMED,
        Happening.RETURNED,
        Happening.ANSWERED,
        Happening.APPROVED,
        Happening.REJECTED,
        Happening.CANCELLED,
        Happening.REOPENED,
    }
)
"""What the person whose case it is reads; the rest is for the desk."""

SETTLED_AS = {
    Outcome.APPROVE: Happening.APPROVED,
    Outcome.RETURN: Happening.RETURNED,
    Outcome.REJECT: Happening.REJECTED,
}
