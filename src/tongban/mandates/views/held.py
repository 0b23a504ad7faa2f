"""我的授权: for which units a person may act, in what, until when."""

from uuid import UUID

from django.contrib import messages
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.accounts.callers import account_of
from tongban.accounts.errors import ChangeMustWait
from tongban.accounts.queries import live_binding
from tongban.accounts.rules import IdentityKind, Realm
from tongban.challenge.errors import TooManyRequests
from tongban.mandates import presenting, queries
from tongban.mandates.errors import MandatesError
from tongban.mandates.flows.accept import accept, decline
from tongban.mandates.flows.request import request as request_mandate
from tongban.mandates.forms import RequestForm
from tongban.mandates.models import BEGUN, REQUEST
from tongban.mandates.sentences import sentence
from tongban.web.doors import signed_in


@signed_in(realm=Realm.NATURAL)
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """Show what waits for an answer, what stands, what was asked for."""
    account = account_of(request)
    live = queries.live_of_holder(account)
    context = {
        "heading": _("我的授权"),
        "is_verified": live_binding(account, IdentityKind.DOCUMENT) is not None,
        "offers": presenting.bundles(queries.offers_to(account), full_names=False),
        "mandates": presenting.page_of(live.filter(BEGUN), request.GET.get("page"), full_names=False),
        "requests": presenting.bundles(live.filter(REQUEST), full_names=False),
    }
    return render(request, "mandates/held.html", context)


@signed_in(realm=Realm.NATURAL)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, bundle: UUID) -> HttpResponse:
    """Show one offer with all that is to be known before accepting it; accept or decline it."""
    account = account_of(request)
    if request.method == "POST":
        _answer(request, bundle)
        return redirect("mandates:held")
    offers = presenting.bundles(queries.offers_to(account).filter(bundle=bundle), full_names=False)
    if not offers:
        raise Http404
    return render(request, "mandates/answer.html", {"heading": _("是否接受授权"), "offer": offers[0]})


def _answer(request: HttpRequest, bundle: UUID) -> None:
    account, accepts = account_of(request), request.POST.get("act") == "accept"
    try:
        if accepts:
            accept(actor=account, bundle=bundle)
        else:
            decline(actor=account, bundle=bundle)
    except (MandatesError, ChangeMustWait) as error:
        messages.error(request, sentence(error))
    else:
        said = _("已接受授权，现在可以从“服务事项”进入办理。") if accepts else _("已拒绝，单位会收到通知。")
        messages.success(request, said)


@signed_in(realm=Realm.NATURAL)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """申请授权: ask a unit."""
    account = account_of(request)
    if live_binding(account, IdentityKind.DOCUMENT) is None:
        return redirect("mandates:held")
    wanted = request.GET.getlist("service")
    form = RequestForm(request.POST if request.method == "POST" else None, initial={"services": wanted})
    if form.is_valid() and _ask(request, form):
        messages.success(request, _("申请已提交。单位同意后，您会收到短信和站内消息。"))
        return redirect("mandates:held")
    context = {"heading": _("申请授权"), "form": form, "submit_label": _("提交申请")}
    return render(request, "mandates/request.html", context)


def _ask(request: HttpRequest, form: RequestForm) -> bool:
    typed = form.cleaned_data
    try:
        request_mandate(actor=account_of(request), uscc=typed["uscc"], services=typed["services"])
    except (MandatesError, TooManyRequests) as error:
        form.add_error(None, ValidationError(sentence(error), code=error.code))
    return not form.errors
