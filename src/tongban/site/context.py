"""What pages need to know beyond the design's own context: who is signed in, until when, what waits for them."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.accounts.sessions import SessionStore
from tongban.design import menus
from tongban.kernel import clock

_FOOTER = (
    menus.Entry("site:help", _("帮助中心")),
    menus.Entry("site:notices", _("通知公告")),
    menus.Entry("site:terms", _("用户服务协议")),
    menus.Entry("site:privacy", _("个人信息保护告知书")),
    menus.Entry("site:accessibility", _("无障碍声明")),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: footer links for everybody; for the signed-in the end of their session."""
    context: dict[str, Any] = {"footer_links": menus.links(_FOOTER, "")}
    session = request.session
    if request.user.is_authenticated and isinstance(session, SessionStore) and session.ends_at:
        context["session_seconds"] = max(0, int((session.ends_at - clock.now()).total_seconds()))
    return context
