"""What this room tells the rooms above it (`kernel.events`), inside the transaction of the act."""

from dataclasses import dataclass
from uuid import UUID

from tongban.accounts.rules import IdentityKind


@dataclass(frozen=True, slots=True)
class IdentityBound:
    """The account is now bound to a document or a unit."""

    account_id: UUID
    kind: IdentityKind


@dataclass(frozen=True, slots=True)
class IdentityReleased:
    """The account is no longer bound to the document or the unit it was bound to."""

    account_id: UUID
    kind: IdentityKind


@dataclass(frozen=True, slots=True)
class CredentialChanged:
    """The password or the phone of the account is another one now."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class PhoneProved:
    """The owner of an account that was brought over proved the phone that came with it."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """These sessions of the account are over: what was opened through them is to be closed."""

    account_id: UUID
    session_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class RiskyChangeAsked:
    """Somebody wants to change what a thief of the account would change first: its phone, who may act for its unit.

    Published before anything is done. Whoever knows a reason to wait raises `errors.ChangeMustWait`.
    """

    account_id: UUID


@dataclass(frozen=True, slots=True)
class Suspended:
    """The account may not be used any more: what it opened elsewhere is to be closed."""

    account_id: UUID
