"""授权管理: who may act for a unit, in what, until when."""

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
from tongban.mandates.flows.approve import approve, refuse
from tongban.mandates.flows.offer import offer as make_offer
from tongban.mandates.forms import REFUSE, OfferForm, TermForm
from tongban.mandates.models import BEGUN, OFFER
from tongban.mandates.sentences import sentence
from tongban.web.doors import signed_in


@signed_in(realm=Realm.LEGAL)
@require_safe
def given(request: HttpRequest) -> HttpResponse:
    """Show who asks, who may act, whom an offer waits for."""
    account = account_of(request)
    live = queries.live_of_unit(account)
    asked = queries.requests_to(account).select_related("holder")
    context = {
        "heading": _("授权管理"),
        "is_verified": live_binding(account, IdentityKind.UNIT) is not None,
        "requests": presenting.bundles(asked, full_names=True),
        "mandates": presenting.page_of(live.filter(BEGUN), request.GET.get("page"), full_names=True),
        "offers": presenting.bundles(live.filter(OFFER), full_names=True),
    }
    return render(request, "mandates/given.html", context)


@signed_in(realm=Realm.LEGAL)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """授权他人办理."""
    if live_binding(account_of(request), IdentityKind.UNIT) is None:
        return redirect("mandates:given")
    form = OfferForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _offer(request, form):
        said = _("授权已提出。姓名和联系方式与一个已实名认证的自然人账号一致的，对方会收到通知，接受后生效。")
        messages.success(request, said)
        return redirect("mandates:given")
    context = {"heading": _("授权他人办理"), "form": form, "submit_label": _("提出授权")}
    return render(request, "mandates/offer.html", context)


def _offer(request: HttpRequest, form: OfferForm) -> bool:
    typed = form.cleaned_data
    try:
        make_offer(
            actor=account_of(request),
            name=typed["name"],
            contact=typed["contact"],
            services=typed["services"],
            days=typed["term"],
        )
    except (MandatesError, ChangeMustWait, TooManyRequests) as error:
        form.add_error(None, ValidationError(sentence(error), code=error.code))
    return not form.errors


@signed_in(realm=Realm.LEGAL)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, bundle: UUID) -> HttpResponse:
    """Show who asks for what; approve it for a term, or refuse it."""
    account = account_of(request)
    form = TermForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _decide(request, form, bundle):
        return redirect("mandates:given")
    asked = queries.requests_to(account).filter(bundle=bundle).select_related("holder")
    found = presenting.bundles(asked, full_names=True)
    if not found:
        raise Http404
    context = {"heading": _("是否同意授权"), "form": form, "submit_label": _("同意授权"), "asked": found[0]}
    return render(request, "mandates/decide.html", context)


def _decide(request: HttpRequest, form: TermForm, bundle: UUID) -> bool:
    account = account_of(request)
    try:
        if form.act == REFUSE:
            refuse(actor=account, bundle=bundle)
            messages.success(request, _("已拒绝，申请人会收到通知。"))
        else:
            approve(actor=account, bundle=bundle, days=form.cleaned_data["term"])
            messages.success(request, _("授权已生效，对方会收到通知。可以随时收回。"))
    except (MandatesError, ChangeMustWait) as error:
        form.add_error(None, ValidationError(sentence(error), code=error.code))
    return not form.errors
