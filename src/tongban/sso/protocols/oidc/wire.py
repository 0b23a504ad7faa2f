"""A request and an answer of the protocol, with nothing of any framework in them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl

from tongban.sso.protocols.oidc.errors import InvalidRequest

MAX_BODY = 16 * 1024
_MAX_PARAMETERS = 40
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Call:
    """A request: `body` is raw, `authorization` and `content_type` are those headers, "" when missing."""

    method: str
    query: str = ""
    body: bytes = b""
    content_type: str = ""
    authorization: str = ""

    def form(self) -> dict[str, str]:
        """Return the parameters of the body; raises `InvalidRequest`."""
        if self.content_type.partition(";")[0].strip().lower() != _FORM:
            raise InvalidRequest(f"the body must be {_FORM}")
        if len(self.body) > MAX_BODY:
            raise InvalidRequest("the body is too long")
        try:
            return parameters(self.body.decode("ascii"))
        except UnicodeDecodeError as error:
            raise InvalidRequest("the body must be percent-encoded") from error


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, ready to be sent."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, document: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Self:
        """Return `document` as JSON that no cache keeps unless `headers` say otherwise (RFC 6749 §5.1)."""
        base = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(status, body, {**base, **(headers or {})})


def parameters(encoded: str) -> dict[str, str]:
    """Return form-encoded parameters, the empty ones left out; raises `InvalidRequest` when one appears twice.

    RFC 6749 §3.1: a parameter without a value counts as omitted, and none may appear more than once.
    """
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS, errors="strict")
    except ValueError as error:
        raise InvalidRequest("the parameters cannot be read") from error
    if any("\x00" in text for pair in pairs for text in pair):
        # PostgreSQL takes none into a comparison, and no parameter of the protocol may hold one (RFC 6749, appendix A).
        raise InvalidRequest("the parameters cannot be read")
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise InvalidRequest(f"{name[:40]!r} appears more than once")
        found[name] = value
    return {name: value for name, value in found.items() if value}
