"""What can go wrong on the way into a business system.

SsoError
├── ClientRefused        a relying party cannot be registered like this
├── ClientUnknown        no open relying party has this client_id
├── NoSigningKey         nothing to sign with: no relying party was ever registered for the algorithm
├── CodeRejected         an authorization code is not worth anything (to this client, any more, ever)
├── ScopeNotAllowed      a client asks to do in its own name what it is not registered for
└── ConsentGone          a consent to withdraw is not there (any more)
"""


class SsoError(Exception):
    """The root of this room's errors; `code` names the case for templates and logs."""

    code = "sso.error"


class ClientRefused(SsoError):
    """A relying party cannot be registered like this: `code` is sso.client_ and the reason, `detail` what is wrong."""

    def __init__(self, *, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.code = f"sso.client_{reason}"
        self.reason = reason
        self.detail = detail


class ClientUnknown(SsoError):
    """No open relying party has this client_id."""

    code = "sso.client_unknown"


class NoSigningKey(SsoError):
    """There is no key to sign with."""

    code = "sso.no_signing_key"


class CodeRejected(SsoError):
    """The authorization code is refused; `code` is sso.code_ and the reason.

    Reasons: unknown, foreign, redirect, verifier, expired, mandate, spent.

    The reason is for the audit trail and tests; a client is told invalid_grant whatever it was (RFC 6749 §5.2).
    """

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason)
        self.code = f"sso.code_{reason}"
        self.reason = reason


class ScopeNotAllowed(SsoError):
    """A client asks to do in its own name what it is not registered for; `beyond` are the scopes."""

    code = "sso.scope_not_allowed"

    def __init__(self, *, beyond: str) -> None:
        super().__init__(beyond)
        self.beyond = beyond


class ConsentGone(SsoError):
    """There is no such live consent of this account."""

    code = "sso.consent_gone"
