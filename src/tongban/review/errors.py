"""Errors of the room.

ReviewError
├── KindUnknown       no room has registered this kind of case
├── CaseUnknown       there is no such case
├── NumberMalformed   this is no case number: a character is wrong
├── CaseMoved         the case is no longer where the caller saw it: decided, returned, cancelled, in another round
├── NotHolder         only who has claimed the case may do this, and as long as the claim lasts
├── Held              somebody else has claimed the case
├── NothingWaiting    no case is waiting that the reviewer may claim
├── NotAllowed        the person may not do this
│   ├── RoleMissing   the role is missing
│   ├── SeniorNeeded  only a senior reviewer may work on this case
│   ├── Related       the reviewer is related to the case
│   └── SameReviewer  the second pair of eyes must belong to somebody else
├── ReasonUnknown     the kind of case has no such reason
├── ApplyRefused      the room that owns the kind cannot carry the decision out; `reason` is its own code
└── CalendarRefused   a line of a calendar file cannot be read
"""


class ReviewError(Exception):
    """Root of the tree. `code` is stable; the sentence is written by whoever shows it."""

    code = "review.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class KindUnknown(ReviewError):
    """No room has registered the kind."""

    code = "review.kind_unknown"


class CaseUnknown(ReviewError):
    """There is no such case, or not for who asks."""

    code = "review.case_unknown"


class NumberMalformed(ReviewError):
    """The text is no case number."""

    code = "review.number_malformed"


class CaseMoved(ReviewError):
    """The case has gone on since the caller looked at it."""

    code = "review.case_moved"


class NotHolder(ReviewError):
    """The caller has not claimed the case, or the claim is over."""

    code = "review.not_holder"


class Held(ReviewError):
    """Somebody else works on the case."""

    code = "review.held"


class NothingWaiting(ReviewError):
    """No case waits that the reviewer may claim."""

    code = "review.nothing_waiting"


class NotAllowed(ReviewError):
    """The person may not do this."""

    code = "review.not_allowed"


class RoleMissing(NotAllowed):
    """The person does not have the role."""

    code = "review.role_missing"


class SeniorNeeded(NotAllowed):
    """Only a senior reviewer may work on the case."""

    code = "review.senior_needed"


class Related(NotAllowed):
    """The reviewer is related to the case."""

    code = "review.related"


class SameReviewer(NotAllowed):
    """Who proposed, or decided the round before, cannot be the second pair of eyes."""

    code = "review.same_reviewer"


class ReasonUnknown(ReviewError):
    """The kind of case has no such reason."""

    code = "review.reason_unknown"


class ApplyRefused(ReviewError):
    """The decision cannot be carried out. Raised by `Kind.apply`; `sentence` says why to the reviewer."""

    code = "review.apply_refused"

    def __init__(self, *, reason: str, sentence: object = "") -> None:
        super().__init__(reason=reason)
        self.reason = reason
        self.sentence = sentence


class CalendarRefused(ReviewError):
    """A calendar file cannot be read; `line` counts from 1."""

    code = "review.calendar_refused"
