"""The desk: the queue, and claiming from it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tongban.accounts.rules import Role
from tongban.design import menus
from tongban.review import case_queue, figures, queries
from tongban.review.errors import ReviewError
from tongban.review.flows.claim_case import claim_case, claim_next
from tongban.review.forms import FindForm, QueueForm
from tongban.review.permits import REVIEWERS
from tongban.review.sentences import sentence
from tongban.review.views.people import signed_in_account
from tongban.web.doors import signed_in

REVIEWING = (Role.REVIEWER, Role.SENIOR_REVIEWER)
READING = (*REVIEWING, Role.AUDITOR)


def menu(request: HttpRequest) -> list[menus.Link]:
    """Return the pages of the desk that the person may open."""
    return menus.desk(signed_in_account(request).roles, request.path)


@signed_in(realm="staff", role=READING)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """办件队列: what waits, the case due first at the top."""
    person = signed_in_account(request)
    form = QueueForm(request.GET)
    filters = form.filters(person.id)
    find = FindForm(request.GET if "number" in request.GET else None, auto_id="find_%s")
    if find.is_valid():
        try:
            return redirect("review:case", queries.case_by_number(find.cleaned_data["number"]).id)
        except ReviewError as error:
            find.add_error("number", sentence(error))
    kept = request.GET.copy()
    for name in ("after", "number"):
        kept.pop(name, None)
    context = {
        "heading": _("办件队列"),
        "desk_menu": menu(request),
        "filters": form,
        "form": find,
        "page": case_queue.page(filters, after=request.GET.get("after", "")),
        "is_first": not request.GET.get("after"),
        "kept": kept.urlencode(),
        "may_claim": not REVIEWERS.isdisjoint(person.roles),
    }
    return render(request, "review/queue.html", context)


@signed_in(realm="staff", role=REVIEWING)
@require_POST
def claim(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """领取 one case."""
    try:
        claim_case(reviewer=signed_in_account(request), case_id=case_id)
    except ReviewError as error:
        messages.error(request, sentence(error))
    return redirect("review:case", case_id)


@signed_in(realm="staff", role=REVIEWING)
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """领取下一件."""
    try:
        assignment = claim_next(reviewer=signed_in_account(request))
    except ReviewError as error:
        messages.info(request, sentence(error))
        return redirect("review:queue")
    return redirect("review:case", assignment.case_id)


@signed_in(realm="staff", role=(*READING, Role.OPERATOR))
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """统计: what waits and how old it is, what was decided each day."""
    context = {
        "heading": _("统计"),
        "desk_menu": menu(request),
        "waiting": figures.waiting(),
        "decided": figures.decided(),
    }
    return render(request, "review/figures.html", context)
