"""Menus that link only to pages that exist: an entry whose url name cannot be resolved is left out."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongban.design.labels import Text


class Entry(NamedTuple):
    """One entry of a menu before its address is known: url name, label, icon of the sprite, and for whom.

    `realm` empty: for everybody who is signed in.
    """

    url_name: str
    label: Text
    icon: str = ""
    realm: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A menu entry that can be followed.

    `current` is what `aria-current` says: "page", "true" (a page below) or "". `count` new things wait there.
    """

    url: str
    label: Text
    icon: str = ""
    current: str = ""
    count: int = 0


NAVIGATION = (
    Entry("site:home", _("首页"), "home"),
    Entry("catalogue:services", _("服务事项"), "grid"),
    Entry("catalogue:guides", _("办事指南"), "book"),
    Entry("site:account", _("在线办事"), "desk"),
    Entry("site:help", _("帮助中心"), "help"),
)

ACCOUNT = (
    Entry("proofing:profile", _("我的信息"), "person"),
    Entry("site:cases", _("我的办件"), "file"),
    Entry("mandates:held", _("我的授权"), "key", "natural"),
    Entry("mandates:given", _("授权管理"), "key", "legal"),
    Entry("accounts:security", _("账号安全"), "shield"),
    Entry("site:messages", _("我的消息"), "mail"),
)


# What staff work with, and the roles that may open it.
DESK = (
    (Entry("review:queue", _("办件队列")), ("reviewer", "senior_reviewer", "auditor")),
    (Entry("review:figures", _("统计")), ("reviewer", "senior_reviewer", "auditor", "operator")),
    (Entry("review:export", _("导出")), ("auditor",)),
    (Entry("accounts:staff", _("工作人员")), ("operator",)),
    (Entry("accounts:find-account", pgettext_lazy("a page of the desk", "账号")), ("operator",)),
    (Entry("transfer:batches", _("账号转移")), ("operator", "auditor")),
)


def account(realm: str, path: str) -> list[Link]:
    """Return the pages of 我的 that somebody of `realm` has."""
    return links([entry for entry in ACCOUNT if entry.realm in {"", realm}], path)


def desk(roles: Collection[str], path: str) -> list[Link]:
    """Return the pages of the desk that somebody with `roles` may open."""
    return links([entry for entry, allowed in DESK if not set(allowed).isdisjoint(roles)], path)


def links(entries: Iterable[Entry], path: str) -> list[Link]:
    """Return the entries that exist, the one `path` lies in marked as current."""
    found = [(entry, url) for entry in entries if (url := address(entry.url_name))]
    holders = [url for _entry, url in found if path == url or (url != "/" and path.startswith(url))]
    deepest = max(holders, key=len, default="")
    return [Link(url, entry.label, entry.icon, _current(url, path) if url == deepest else "") for entry, url in found]


def _current(url: str, path: str) -> str:
    return "page" if url == path else "true"


@cache
def address(url_name: str) -> str:
    """Return the address of a url name without parameters, or "" when there is no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
