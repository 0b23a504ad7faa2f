"""Who acted."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: `kind` is system, anonymous, operator, client, or the realm of an account; `id` names one of them."""

    kind: str
    id: str = ""

    @classmethod
    def system(cls) -> "Actor":
        """The platform itself: a job, a migration."""
        return cls("system")

    @classmethod
    def anonymous(cls) -> "Actor":
        """A person who is not signed in."""
        return cls("anonymous")

    @classmethod
    def operator(cls, name: str) -> "Actor":
        """A person at the command line, by the name of their account on that machine."""
        return cls("operator", name)

    @classmethod
    def account(cls, realm: str, account_id: UUID) -> "Actor":
        """The account `account_id` of `realm` (natural, legal, staff)."""
        return cls(str(realm), str(account_id))

    @classmethod
    def client(cls, client_id: str) -> "Actor":
        """A business system that called us."""
        return cls("client", client_id)
