"""Pure rules of the room: realms, login names, passwords, how attempts are slowed, how long sessions live."""

from enum import StrEnum


class Realm(StrEnum):
    """The three kinds of account. Login names are unique within a realm; each realm has its own log-in window."""

    NATURAL = "natural"
    LEGAL = "legal"
    STAFF = "staff"


class Role(StrEnum):
    """What a member of staff may do. Nobody may do anything by being staff alone."""

    REVIEWER = "reviewer"
    SENIOR_REVIEWER = "senior_reviewer"
    AUDITOR = "auditor"
    OPERATOR = "operator"


class InvitationKind(StrEnum):
    """What a one-time link lets a member of staff do; the other credential is needed for it all the same."""

    FIRST_SIGN_IN = "first_sign_in"
    FACTOR = "factor"
    PASSWORD = "password"  # noqa: S105 - the name of a kind


RESETS = (InvitationKind.FACTOR, InvitationKind.PASSWORD)
"""What two operators together replace for a colleague. Never both at once: the one kept guards the new one."""


class Notice(StrEnum):
    """Of what an owner is told with a link that says 不是我."""

    NEW_DEVICE = "new_device"
    PASSWORD = "password"  # noqa: S105 - the name of a notice
    PHONE = "phone"


class IdentityKind(StrEnum):
    """What an account can be bound to."""

    DOCUMENT = "document"
    UNIT = "unit"


class ConsentTo(StrEnum):
    """What people consent to when they register."""

    TERMS = "terms"
    PRIVACY = "privacy"


def identity(kind: str, number: str) -> str:
    """Return what two bindings of the same document, or of the same unit, have in common.

    `kind` is a kind of document or "unit".
    """
    return f"{kind}:{number}"
