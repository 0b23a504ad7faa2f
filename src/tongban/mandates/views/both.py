"""What both sides of a mandate do: end it, take back what waits, look back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.accounts.callers import account_of
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.mandates import presenting, queries
from tongban.mandates.errors import MandatesError
from tongban.mandates.flows.end import end as end_mandate
from tongban.mandates.flows.withdraw import withdraw as take_back
from tongban.mandates.sentences import sentence
from tongban.web.doors import signed_in


def _is_unit(account: Account) -> bool:
    return account.realm == Realm.LEGAL


def _list_of(account: Account) -> str:
    """Return the url name of the account's list."""
    return "mandates:given" if _is_unit(account) else "mandates:held"


@signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Ask once more, then end the mandate."""
    account = account_of(request)
    back = _list_of(account)
    if request.method == "POST":
        try:
            end_mandate(actor=account, mandate_id=mandate_id)
        except MandatesError as error:
            messages.info(request, sentence(error))
        else:
            messages.success(request, _("授权已结束。正在业务系统中办理的，也不能继续。"))
        return redirect(back)
    live = queries.live_of_unit(account) if _is_unit(account) else queries.live_of_holder(account)
    rows = [row for row in live.filter(id=mandate_id) if row.is_begun]
    if not rows:
        raise Http404
    context = {
        "heading": _("收回授权") if _is_unit(account) else _("结束授权"),
        "line": presenting.lines(rows, full_names=_is_unit(account))[0],
        "is_unit": _is_unit(account),
        "submit_label": _("收回授权") if _is_unit(account) else _("结束授权"),
        "cancel_url": reverse(back),
        "cancel_label": _("保留"),
    }
    return render(request, "mandates/end.html", context)


@signed_in()
@require_POST
def withdraw(request: HttpRequest, bundle: UUID) -> HttpResponse:
    """Take back an offer or a request that nobody has answered."""
    account = account_of(request)
    try:
        take_back(actor=account, bundle=bundle)
    except MandatesError as error:
        messages.info(request, sentence(error))
    else:
        messages.success(request, _("已撤回。"))
    return redirect(_list_of(account))


@signed_in()
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """What is over, by pages."""
    account = account_of(request)
    page = presenting.page_of(queries.past(account), request.GET.get("page"), full_names=_is_unit(account))
    context = {
        "heading": _("已结束的授权"),
        "page": page,
        "lines": page.object_list,
        "is_unit": _is_unit(account),
        "back": _list_of(account),
    }
    return render(request, "mandates/history.html", context)
