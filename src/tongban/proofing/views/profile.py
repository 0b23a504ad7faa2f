"""我的信息, 修改个人信息 / 修改法人信息, and taking back what waits."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.challenge.errors import TooManyRequests
from tongban.proofing import presenting, queries
from tongban.proofing.errors import NotFromHere, NothingToVerify
from tongban.proofing.flows.keep_draft import keep_draft
from tongban.proofing.flows.submit import submit
from tongban.proofing.flows.withdraw import withdraw as withdraw_flow
from tongban.proofing.forms import CONSENT_VERSION, KEEP, PersonForm, UnitForm
from tongban.proofing.rules import Result
from tongban.proofing.views.people import citizen, edit_label, upload_label
from tongban.web.doors import signed_in


@signed_in()
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """我的信息."""
    account = citizen(request)
    known = queries.profile(account)
    context = {
        "heading": _("我的信息"),
        "badge": presenting.badge(known.status),
        "account": account,
        "account_rows": presenting.account_rows(account, known.status),
        "claims": presenting.claims(known.claims) if known.claims else [],
        "edit_label": edit_label(account),
        "status": known.status,
        "state": known.status.latest_state,
        "result": known.status.latest.result if known.status.latest is not None else None,
        "review": known.status.review,
        "may_upload": known.status.may_upload,
        "upload_label": upload_label(account),
        "proved": presenting.sections(known.proved) if known.proved else [],
        "submitted": presenting.sections(known.submitted) if known.submitted else [],
        "to_check": presenting.entries_to_check(known.wrong),
    }
    return render(request, "proofing/profile.html", context)


@signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
def edit_profile(request: HttpRequest) -> HttpResponse:
    """修改个人信息 or 修改法人信息: 保存 starts the verification, 暂存 keeps what is typed."""
    account = citizen(request)
    form_class = UnitForm if account.realm == Realm.LEGAL else PersonForm
    if request.method != "POST":
        return _form_page(request, account, form_class(initial=queries.prefill(account)))
    form = form_class(request.POST)
    if form.act == KEEP:
        return _keep(request, account, form)
    if not form.is_valid():
        return _form_page(request, account, form)
    return _save(request, account, form)


def _save(request: HttpRequest, account: Account, form: PersonForm | UnitForm) -> HttpResponse:
    try:
        verification = submit(actor=account, entries=form.entries(), consent_version=CONSENT_VERSION)
    except NothingToVerify:
        messages.info(request, _("填写的内容与已认证的信息相同，无需重新核验。"))
        return _to_profile()
    except TooManyRequests as refusal:
        keep_draft(actor=account, typed=_typed(form), consent_version=CONSENT_VERSION)
        form.add_error(
            None,
            _("实名认证提交得过于频繁，请在 %(time)s 之后再试。您填写的内容已经暂存。")
            % {"time": date_format(localtime(refusal.retry_at), "H:i")},
        )
        return _form_page(request, account, form)
    if verification.result == Result.VERIFIED:
        messages.success(request, _("实名认证已完成。"))
    return _to_profile()


def _keep(request: HttpRequest, account: Account, form: PersonForm | UnitForm) -> HttpResponse:
    keep_draft(actor=account, typed=_typed(form), consent_version="")
    messages.success(request, _("已暂存，尚未提交核验。点“保存”之前证件号码不会保存，下次请重新填写。"))
    return _to_profile()


@signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """撤回: asks once whether the waiting verification shall be stopped, and stops it."""
    account = citizen(request)
    if request.method != "POST":
        if queries.waiting(account) is None:
            return _to_profile()
        context = {
            "heading": _("撤回正在核验的信息"),
            "submit_label": _("确认撤回"),
            "cancel_url": reverse("proofing:profile"),
            "cancel_label": _("不撤回，返回"),
        }
        return render(request, "proofing/withdraw.html", context)
    try:
        withdraw_flow(actor=account)
    except NotFromHere:
        messages.info(request, _("核验已经有了结果，没有可以撤回的内容。"))
    else:
        messages.success(request, _("已撤回，提交的内容已经删除。"))
    return _to_profile()


def _typed(form: PersonForm | UnitForm) -> dict[str, str]:
    return {name: str(form.data.get(name, "")) for name in form.fields}


def _to_profile() -> HttpResponseRedirect:
    answer = redirect("proofing:profile")
    answer.status_code = 303  # the next request is a GET whatever this one was (RFC 9110 §15.4.4)
    return answer


def _form_page(request: HttpRequest, account: Account, form: PersonForm | UnitForm) -> HttpResponse:
    status = queries.status(account)
    context: dict[str, Any] = {
        "heading": edit_label(account),
        "form": form,
        "submit_label": _("保存"),
        "cancel_url": reverse("proofing:profile"),
        "cancel_label": _("返回我的信息"),
        "steps": [_("填写信息"), _("自动核验"), _("完成认证")],
        "is_change": status.is_verified,
        "in_review": status.in_review,
        "keep": KEEP,
    }
    return render(request, "proofing/edit_profile.html", context)
