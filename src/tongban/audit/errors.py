"""Errors of the room.

AuditError
├── NameRefused         a name of an event is malformed or taken
├── FactRefused         a fact is personal data, or no value JSON keeps exactly
├── OutsideTransaction  an event was recorded outside the transaction of its act
├── AppendOnly          somebody tried to change or delete an event or a seal
└── RetireRefused       events are too young, or the chain is too broken, to leave the database
"""


class AuditError(Exception):
    """Root of the room's errors."""

    code = "audit.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params


class NameRefused(AuditError):
    """The name of an event is malformed or declared twice."""

    code = "audit.name_refused"


class FactRefused(AuditError):
    """A fact looks like personal data, or is no value that JSON keeps exactly."""

    code = "audit.fact_refused"


class OutsideTransaction(AuditError):
    """The act and its event must commit together: open the transaction first."""

    code = "audit.outside_transaction"


class AppendOnly(AuditError):
    """Events and seals are never changed; they leave only through `flows.retire`."""

    code = "audit.append_only"


class RetireRefused(AuditError):
    """These events may not leave the database."""

    code = "audit.retire_refused"
