"""What other rooms learn of a decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongban.review.rules import Outcome


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as `Kind.apply` gets it, inside the transaction. `data` is what the person submitted last.

    `text` is what the person reads; `confirmed_by` is the second reviewer of a decision by four eyes.
    """

    case_id: UUID
    round: int
    outcome: Outcome
    reason: str
    text: str
    data: Mapping[str, str]
    decided_by: UUID
    confirmed_by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseDecided:
    """Published by `kernel.events` inside the transaction, after `Kind.apply`."""

    case_id: UUID
    kind: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class CaseCancelled:
    """The case ended without a decision; published inside the transaction."""

    case_id: UUID
    kind: str
