"""What pages need to know beyond the design's own context: who is signed in, until when, what waits for them."""

from dataclasses import replace
from typing import Any, cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from tongban.accounts.models import Account
from tongban.accounts.sessions import SessionStore
from tongban.design import menus
from tongban.kernel import clock
from tongban.notify.queries import unread_count

_MESSAGES = "site:messages"
_FOOTER = (
    menus.Entry("site:help", _("帮助中心")),
    menus.Entry("site:notices", _("通知公告")),
    menus.Entry("site:terms", _("用户服务协议")),
    menus.Entry("site:privacy", _("个人信息保护告知书")),
    menus.Entry("site:accessibility", _("无障碍声明")),
    menus.Entry("accounts:log-in-staff", _("工作人员登录")),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: footer links for everybody; for the signed-in the end of their session and what is unread.

    Runs after the design's and replaces its `account_menu` by one that counts, which asks only where it is drawn.
    """
    context: dict[str, Any] = {"footer_links": lambda: menus.links(_FOOTER, "")}
    if isinstance(account := getattr(request, "user", None), Account):
        context["account_menu"] = SimpleLazyObject(lambda: _account_menu(request, account))
        context["desk_url"] = next((link.url for link in menus.desk(account.roles, "")), "")
        context["session_seconds"] = _seconds_left(request)
    return context


def _account_menu(request: HttpRequest, account: Account) -> list[menus.Link]:
    here = menus.address(_MESSAGES)
    return [
        replace(link, count=unread_count(account.id)) if link.url == here else link
        for link in menus.account(account.realm, request.path)
    ]


def _seconds_left(request: HttpRequest) -> int | None:
    ends_at = cast("SessionStore", request.session).ends_at
    return None if ends_at is None else max(0, int((ends_at - clock.now()).total_seconds()))
