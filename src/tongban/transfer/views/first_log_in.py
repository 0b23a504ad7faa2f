"""转来的账号: the page of the first log-in, and what it leads to."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.accounts.callers import account_of, actor_of
from tongban.accounts.codes import judge_code, refuse, send_code
from tongban.accounts.queries import phone_of
from tongban.accounts.rules import Realm
from tongban.challenge.errors import CodeRejected, TooManyRequests
from tongban.challenge.rules import CodePurpose
from tongban.design import menus
from tongban.kernel.mobile import Mobile
from tongban.mandates.errors import MandatesError
from tongban.mandates.sentences import sentence
from tongban.transfer import presenting, queries
from tongban.transfer.errors import NotBroughtOver
from tongban.transfer.flows.accept_terms import accept_terms
from tongban.transfer.flows.ask_unit import ask_unit as ask
from tongban.transfer.flows.prove_legacy_phone import prove_legacy_phone
from tongban.transfer.forms import PhoneForm, TermsForm
from tongban.transfer.queries import Progress
from tongban.transfer.rules import Outcome
from tongban.vault.purposes import Purpose
from tongban.web.doors import signed_in
from tongban.web.next_page import next_page

_APPEALS = {Realm.NATURAL: "recovery:appeal-natural", Realm.LEGAL: "recovery:appeal-legal"}


@signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
def first_log_in(request: HttpRequest) -> HttpResponse:
    """Say what was brought over and what is next; take the consent to the terms."""
    account, page = account_of(request), next_page(request)
    progress = _progress(request)
    form = None
    if not progress.has_accepted_terms:
        form = TermsForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            accept_terms(actor=actor_of(request), account=account)
            return HttpResponseRedirect(page or request.path)
    context = {
        "heading": _("从火炬中心转来的账号"),
        "came": presenting.what_came(account, progress),
        "stayed": presenting.what_did_not_come(account),
        "steps": list(presenting.steps(account, progress)),
        "progress": progress,
        "acting": queries.mandates_of(account, progress.legacy) if progress.legacy.outcome == Outcome.E4 else "",
        "mandates_url": menus.address("mandates:held"),
        "form": form,
        "next": page,
    }
    return render(request, "transfer/first_log_in.html", context)


@signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """确认手机号码: prove the phone that came with the account."""
    account = account_of(request)
    progress = _progress(request)
    mobile = phone_of(account, Purpose.DELIVER_MESSAGE)
    if progress.has_proved_phone or mobile is None:
        return redirect("transfer:first-log-in")
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if form.act:
            send_code(request, form, purpose=CodePurpose.PROVE_PHONE, phone=mobile, blame="code")
        elif _prove(request, form, mobile):
            messages.success(request, _("手机号码已确认。"))
            return redirect("transfer:first-log-in")
    context = {
        "heading": _("确认手机号码"),
        "form": form,
        "submit_label": _("确定"),
        "phone": mobile.masked,
        "is_verified": progress.is_verified,
        "is_legal": account.realm == Realm.LEGAL,
        "is_for_unit": progress.legacy.outcome == Outcome.E4,
        "appeal_url": menus.address(_APPEALS[Realm(account.realm)]),
        "profile_url": menus.address("proofing:profile"),
    }
    return render(request, "transfer/phone.html", context)


def _prove(request: HttpRequest, form: PhoneForm, mobile: Mobile) -> bool:
    code = judge_code(request, form, purpose=CodePurpose.PROVE_PHONE, phone=mobile)
    if code is None:
        return False
    try:
        prove_legacy_phone(actor=actor_of(request), account=account_of(request), code=code)
    except CodeRejected as error:
        refuse(form, "code", error)
    return not form.errors


@signed_in(realm=Realm.NATURAL)
@require_POST
def ask_unit(request: HttpRequest) -> HttpResponse:
    """请单位批准: ask the unit of the legacy account for a mandate."""
    try:
        ask(actor=account_of(request))
    except NotBroughtOver as error:
        raise Http404 from error
    except (MandatesError, TooManyRequests) as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, _("申请已提交。单位同意后，您会收到短信和站内消息。"))
    return redirect("transfer:first-log-in")


def _progress(request: HttpRequest) -> Progress:
    progress = queries.progress_of(account_of(request))
    if progress is None:
        raise Http404
    return progress
