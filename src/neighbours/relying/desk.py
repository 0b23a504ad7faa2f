"""One place to be entered: its client at the platform, whom it serves, and where its pages are."""

from collections.abc import Callable
from dataclasses import dataclass

from neighbours.relying.language import gettext
from neighbours.relying.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk of a business system.

    `name` is the client's name in the client file and prefixes the desk's endpoints; `prefix` is "" or begins with a
    slash; `scope` is what it asks of the platform; `missing` returns a sentence when the platform did not tell what
    the desk cannot work without, else `None`; `home` is the template of the page behind the door. What people read of
    it is in the source language, and translated where it is shown.
    """

    name: str
    title: str
    summary: str
    audience: str
    prefix: str
    scope: str
    missing: Callable[[Visitor], str | None]
    home: str

    def path(self, page: str = "") -> str:
        """Return the path of one of the desk's pages: "", "log-in", "callback" …"""
        return f"{self.prefix}/{page}/" if page else f"{self.prefix}/"


def needs_unit(visitor: Visitor) -> str | None:
    """Return what is missing for a desk that serves units."""
    if visitor.unit_name and visitor.uscc:
        return None
    return gettext(
        "平台没有提供单位名称和统一社会信用代码。"
        "请使用已实名认证的法人账号，或者有单位授权的自然人账号，并在授权页面同意提供单位信息。"
    )


def needs_person(visitor: Visitor) -> str | None:
    """Return what is missing for a desk that serves natural persons."""
    if visitor.realm == "natural" and visitor.name:
        return None
    return gettext("平台没有提供您的姓名。请使用已实名认证的自然人账号，并在授权页面同意提供姓名。")
