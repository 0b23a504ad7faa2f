"""提出异议 against the suspension of an account, by who knows its password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.accounts import blocked
from tongban.accounts.callers import actor_of, session_of
from tongban.recovery.flows.object_to_suspension import object_to_suspension
from tongban.recovery.forms import ObjectionForm
from tongban.recovery.objections import key_of
from tongban.review import queries as review
from tongban.review.models import Case
from tongban.vault.purposes import Purpose
from tongban.web.doors import anyone


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest) -> HttpResponse:
    """Take the reason, and show the number of the case."""
    suspension = blocked.find(session_of(request))
    if suspension is None:
        return redirect("accounts:log-in")
    case = Case.objects.filter(key=key_of(suspension)).first()
    if case is not None:
        return _standing(request, case)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        case = object_to_suspension(actor=actor_of(request), suspension=suspension, reason=reason)
        return _standing(request, case)
    context = {"heading": _("提出异议"), "form": form, "submit_label": _("提交异议")}
    return render(request, "recovery/objection.html", context)


def _standing(request: HttpRequest, case: Case) -> HttpResponse:
    """Show the number, and what was decided: the person cannot look under 我的办件."""
    decision = review.last_decision(case)
    context = {
        "heading": _("异议已提交"),
        "reference": case.number,
        "reference_label": _("办件编号："),
        "due_on": case.due_on,
        "by_sms": case.contact_phone is not None,
        "state": review.state_text(case),
        "decision": decision.text.reveal(Purpose.SHOW_OWNER) if decision else "",
    }
    return render(request, "recovery/objected.html", context)
