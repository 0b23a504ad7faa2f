"""我的消息."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tongban.notify import queries
from tongban.notify.errors import MessageNotFound
from tongban.notify.flows.mark_read import mark_all_read as mark_all_read_flow
from tongban.notify.flows.mark_read import mark_read
from tongban.site.account import owner
from tongban.web.doors import signed_in


@signed_in()
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """Show the account's messages by pages, newest first, the unread ones marked."""
    account = owner(request)
    context = {
        "heading": _("我的消息"),
        "page": queries.messages_for(account.id, page=request.GET.get("page", "1")),
        "unread": queries.unread_count(account.id),
    }
    return render(request, "site/messages.html", context)


@signed_in()
@require_safe
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Show one message; to open it is to have read it."""
    account = owner(request)
    try:
        found = queries.message(account.id, message_id)
    except MessageNotFound as error:
        raise Http404(error.code) from None
    mark_read(account_id=account.id, message_id=message_id)
    return render(request, "site/message.html", {"heading": found.title, "message": found})


@signed_in()
@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Note that everything has been read."""
    mark_all_read_flow(account_id=owner(request).id)
    return redirect("site:messages")
