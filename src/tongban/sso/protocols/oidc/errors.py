"""Errors that travel to a client. `code` is the standard's word; the description is for the client's developer.

ProtocolError
├── InvalidRequest               invalid_request
├── InvalidClient                invalid_client            (401)
├── InvalidGrant                 invalid_grant
├── UnauthorizedClient           unauthorized_client
├── UnsupportedGrantType         unsupported_grant_type
├── InvalidScope                 invalid_scope
├── InvalidToken                 invalid_token             (401, RFC 6750 §3.1)
├── InsufficientScope            insufficient_scope        (403, RFC 6750 §3.1)
├── NotRedirectable              the redirect address itself is in doubt: the person gets a page, nobody a redirect
└── AuthorizationError           any code of RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6, by redirect
"""


class ProtocolError(Exception):
    """The root: a machine-readable code and a sentence in ASCII (RFC 6749 §5.2)."""

    code = "invalid_request"
    status = 400

    def __init__(self, description: str) -> None:
        super().__init__(description)
        self.description = description


class InvalidRequest(ProtocolError):
    """The request lacks something, repeats something or says what cannot be."""


class InvalidClient(ProtocolError):
    """The client did not prove who it is."""

    code = "invalid_client"
    status = 401


class InvalidGrant(ProtocolError):
    """The code is worth nothing to this client."""

    code = "invalid_grant"


class UnauthorizedClient(ProtocolError):
    """The client may not use this grant."""

    code = "unauthorized_client"


class UnsupportedGrantType(ProtocolError):
    """There are only authorization_code and client_credentials."""

    code = "unsupported_grant_type"


class InvalidScope(ProtocolError):
    """The client asks for more than it is registered for."""

    code = "invalid_scope"


class InvalidToken(ProtocolError):
    """The access token is worth nothing (any more)."""

    code = "invalid_token"
    status = 401


class InsufficientScope(ProtocolError):
    """The access token is genuine, but not for this."""

    code = "insufficient_scope"
    status = 403


class NotRedirectable(ProtocolError):
    """Client or redirect address are not known: to redirect would make the platform an open redirector."""


class AuthorizationError(ProtocolError):
    """A refusal the client is told by redirect."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
