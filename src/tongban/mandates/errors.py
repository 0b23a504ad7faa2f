"""Errors of the room.

MandatesError
├── UnitNotVerified      only a verified unit gives mandates
├── HolderNotVerified    only a verified person holds mandates
├── ServiceNotOffered    no such service can be entered for a unit
├── TermRefused          the term is not between one day and the longest there may be
├── AlreadyWaiting       the same offer, or the same request, waits for its answer
├── AlreadyHeld          the person may do that for the unit already
├── AlreadyGranted       the rule gave this mandate before; it does so once
├── NotWaiting           there is nothing (any more) to answer or to take back
└── NotLive              there is no such mandate (any more) for the account to end
"""


class MandatesError(Exception):
    """Root of the tree. `code` is stable; the sentence is written by whoever shows it."""

    code = "mandates.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class UnitNotVerified(MandatesError):
    """The account is bound to no unit."""

    code = "mandates.unit_not_verified"


class HolderNotVerified(MandatesError):
    """The account is bound to no person's document."""

    code = "mandates.holder_not_verified"


class ServiceNotOffered(MandatesError):
    """A service is not in the catalogue, not for units, or has no entry; or none was named."""

    code = "mandates.service_not_offered"


class TermRefused(MandatesError):
    """The number of days is not between 1 and `longest`."""

    code = "mandates.term_refused"

    def __init__(self, *, longest: int) -> None:
        super().__init__(longest=longest)


class AlreadyWaiting(MandatesError):
    """The same was asked or offered before and waits for an answer."""

    code = "mandates.already_waiting"


class AlreadyHeld(MandatesError):
    """The mandate asked for stands."""

    code = "mandates.already_held"


class AlreadyGranted(MandatesError):
    """The rule gave the mandate before, to whomever: it does so once for a unit and service."""

    code = "mandates.already_granted"


class NotWaiting(MandatesError):
    """Nothing waits for an answer of this account under this id."""

    code = "mandates.not_waiting"


class NotLive(MandatesError):
    """The account is party to no live mandate with this id."""

    code = "mandates.not_live"
