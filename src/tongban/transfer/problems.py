"""Errors of the API as RFC 9457 problem details."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:tongban:problem:"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: the end of its `type`, its status and its title, which never change but for the language."""

    name: str
    status: HTTPStatus
    title: Promise

    @property
    def type(self) -> str:
        """The URI that names the kind (RFC 9457 §3.1.1)."""
        return _TYPE + self.name


MALFORMED = Kind("malformed", HTTPStatus.BAD_REQUEST, _("请求不是 JSON 对象"))
UNAUTHORIZED = Kind("unauthorized", HTTPStatus.UNAUTHORIZED, _("需要有效的访问令牌"))
FORBIDDEN = Kind("forbidden", HTTPStatus.FORBIDDEN, _("访问令牌没有账号检索的权限"))
METHOD = Kind("method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED, _("请使用 POST"))
TOO_LARGE = Kind("too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("请求太大"))
MEDIA = Kind("unsupported-media-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _("请求须为 application/json"))
INVALID = Kind("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, _("请求的内容有误"))
CODE = Kind("code-rejected", HTTPStatus.UNPROCESSABLE_ENTITY, _("短信验证码未通过"))
TOO_MANY = Kind("too-many-requests", HTTPStatus.TOO_MANY_REQUESTS, _("操作过于频繁"))
KINDS = (MALFORMED, UNAUTHORIZED, FORBIDDEN, METHOD, TOO_LARGE, MEDIA, INVALID, CODE, TOO_MANY)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one member of the request: where it is (a JSON pointer), a stable code, a sentence."""

    pointer: str
    code: str
    detail: str


@dataclass(eq=False)
class Problem(Exception):
    """A request that is not answered. `detail` is a sentence that may be shown to people."""

    kind: Kind
    detail: str = ""
    flaws: tuple[Flaw, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the members as they travel."""
        errors = [{"pointer": flaw.pointer, "code": flaw.code, "detail": flaw.detail} for flaw in self.flaws]
        return {
            "type": self.kind.type,
            "title": str(self.kind.title),
            "status": int(self.kind.status),
            "detail": self.detail or str(self.kind.title),
            **({"errors": errors} if errors else {}),
            **self.extra,
        }
