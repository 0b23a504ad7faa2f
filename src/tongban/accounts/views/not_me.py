"""不是我: the page behind the link of a notice. To look at it does nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.accounts import queries
from tongban.accounts.callers import actor_of
from tongban.accounts.errors import NotMeLinkSpent
from tongban.accounts.flows.not_me import not_me as disown
from tongban.accounts.models import NotMeLink
from tongban.accounts.rules import Notice
from tongban.design import display, menus
from tongban.web.doors import anyone


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then end everything and lead to a new password."""
    try:
        if request.method == "POST":
            return _done(request, disown(actor=actor_of(request), token=token))
        link = queries.live_not_me_link(token)
        if link is None:
            raise NotMeLinkSpent
    except NotMeLinkSpent:
        context = {"heading": _("链接已失效"), "forgotten_url": menus.address("recovery:forgotten")}
        return render(request, "accounts/not_me_spent.html", context, status=410)
    if onward := display.read_in(request, link.account.language):
        return onward
    context = {
        "heading": _("不是我"),
        "about": link.about,
        "submit_label": _("不是我，退出全部设备"),
        "cancel_url": "/",
        "cancel_label": _("是我，不用处理"),
    }
    return render(request, "accounts/not_me.html", context)


def _done(request: HttpRequest, link: NotMeLink) -> HttpResponse:
    """Lead to the way back in: by the account's phone, or, when the phone is another's now, by an appeal."""
    by_appeal = link.about == Notice.PHONE
    page = f"recovery:{'appeal' if by_appeal else 'reset'}-{link.account.realm}"
    context = {"heading": _("已退出全部设备"), "by_appeal": by_appeal, "onward": menus.address(page)}
    return render(request, "accounts/not_me_done.html", context)
