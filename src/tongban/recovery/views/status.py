"""申诉进度查询: whoever knows the number and holds the phone of a case sees how it stands, and can correct it."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.accounts.callers import actor_of
from tongban.accounts.codes import judge_code, refuse, send_code
from tongban.accounts.rules import Realm
from tongban.challenge.errors import CodeRejected
from tongban.challenge.flows.spend_code import spend_code
from tongban.challenge.rules import CodePurpose
from tongban.design.widgets import OneTimeCodeInput
from tongban.recovery import queries
from tongban.recovery.errors import AppealIncomplete
from tongban.recovery.flows.keep_appeal import begin_correction
from tongban.recovery.flows.send_status_code import send_status_code
from tongban.recovery.forms import SEND_CODE, StatusForm
from tongban.recovery.kept import keep, kept
from tongban.recovery.models import Handover
from tongban.recovery.views.reaching import holder_of, reach
from tongban.review import kinds, labels
from tongban.review import queries as review
from tongban.review.models import Case
from tongban.review.rules import CaseState
from tongban.vault.purposes import Purpose
from tongban.web.doors import anyone

_CASE = "case"


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the number of the case, and for a code to its phone."""
    form = StatusForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if form.act == SEND_CODE:
            _send(request, form)
        elif not form.act and (found := _prove(request, form)):
            keep(request, _CASE, id=str(found.id))
            return redirect("recovery:progress")
    context = {"heading": _("申诉进度查询"), "form": form, "submit_label": _("查询")}
    return render(request, "recovery/status.html", context)


def _send(request: HttpRequest, form: StatusForm) -> None:
    phone = form.cleaned_data["phone"]
    issue = partial(send_status_code, number=form.cleaned_data["number"], phone=phone)
    send_code(request, form, purpose=CodePurpose.APPEAL_STATUS, phone=phone, blame="phone", issue=issue)
    widget = form.fields["code"].widget
    if not form.errors and isinstance(widget, OneTimeCodeInput):
        widget.sent = _("编号和手机号码与办件一致的，验证码已发送至 %(phone)s。收不到的，请核对编号和手机号码") % {
            "phone": phone.masked
        }


def _prove(request: HttpRequest, form: StatusForm) -> Case | None:
    """Return the case; otherwise say in the form that the code is wrong, whatever else is."""
    phone = form.cleaned_data["phone"]
    code = judge_code(request, form, purpose=CodePurpose.APPEAL_STATUS, phone=phone)
    if code is None:
        return None
    found = queries.appeal_case(form.cleaned_data["number"], phone)
    try:
        if found is None:
            raise CodeRejected(code="challenge.code_wrong")
        spend_code(actor=actor_of(request), checked=code)
    except CodeRejected as error:
        refuse(form, "code", error)
        return None
    return found


@anyone
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """The case: number, state, due date, what happened, what to do; printable."""
    found = _proved(request)
    if found is None:
        return redirect("recovery:status")
    decision = review.last_decision(found)
    returned = found.state == CaseState.RETURNED
    context = {
        "heading": kinds.kind(found.kind).title,
        "case": found,
        "badge": {"kind": labels.STATE_KINDS[CaseState(found.state)], "text": review.state_text(found)},
        "timeline": review.timeline(found),
        "returned": returned,
        "return_text": decision.text.reveal(Purpose.SHOW_OWNER) if returned and decision else "",
        **_handed_over(queries.handover_of(found) if found.state == CaseState.APPROVED else None),
    }
    return render(request, "recovery/progress.html", context)


def _handed_over(handover: Handover | None) -> dict[str, Any]:
    """Return where the account is on its way: "waiting", "sent", "expired", "redeemed" or ""."""
    if handover is None or handover.stopped_at:
        return {"handover": ""}
    if handover.redeemed_at:
        return {"handover": "redeemed"}
    if handover.expired_at:
        return {"handover": "expired"}
    state = "sent" if handover.link_sent_at else "waiting"
    return {"handover": state, "due_at": handover.due_at, "expires_at": handover.link_expires_at}


@anyone
@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    """补正: fill the form in again, beginning with what was handed in before."""
    found = _proved(request)
    if found is None:
        return redirect("recovery:status")
    try:
        appeal = begin_correction(case=found, holder=holder_of(request))
    except AppealIncomplete:
        return redirect("recovery:progress")
    reach(request, appeal)
    return redirect("recovery:appeal-details" if appeal.realm == Realm.LEGAL else "recovery:appeal-natural")


def _proved(request: HttpRequest) -> Case | None:
    reached = kept(request, _CASE)
    return Case.objects.filter(id=reached["id"]).first() if reached else None
