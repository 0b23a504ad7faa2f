"""One of 我的办件, as its person sees it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.audit.actors import Actor
from tongban.review import kinds, labels, queries
from tongban.review.case_queue import kind_title
from tongban.review.errors import ReviewError
from tongban.review.flows.answer_return import answer_return
from tongban.review.flows.cancel_case import cancel_case
from tongban.review.forms import AnswerForm
from tongban.review.models import Case
from tongban.review.rules import CaseState
from tongban.review.sentences import sentence
from tongban.review.views.people import signed_in_account
from tongban.vault.purposes import Purpose
from tongban.web.doors import signed_in


@signed_in()
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The case: number, state, due date, what happened; printable."""
    found = _own(request, number)
    decision = queries.last_decision(found)
    returned = found.state == CaseState.RETURNED
    context = {
        "heading": kind_title(found.kind),
        "case": found,
        "badge": {"kind": labels.STATE_KINDS[CaseState(found.state)], "text": queries.state_text(found)},
        "timeline": queries.timeline(found),
        "returned": returned,
        "return_text": decision.text.reveal(Purpose.SHOW_OWNER) if returned and decision else "",
        "answer_url": _answer_url(found) if returned else "",
    }
    return render(request, "review/my_case.html", context)


@signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """补正: a written answer; what was handed in before is handed in again with it."""
    found = _own(request, number)
    if found.state != CaseState.RETURNED:
        return redirect("review:my-case", number)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _answer(request, found, form.cleaned_data["answer"])
    context = {
        "heading": _("补正材料"),
        "case": found,
        "kind_title": kind_title(found.kind),
        "form": form,
        "submit_label": _("重新提交"),
    }
    return render(request, "review/answer.html", context)


@signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """撤回办件, after a question."""
    found = _own(request, number)
    if request.method == "POST":
        try:
            cancel_case(actor=_actor(request), case_id=found.id)
        except ReviewError as error:
            messages.error(request, sentence(error))
        return redirect("review:my-case", number)
    context = {"heading": _("撤回办件"), "case": found, "kind_title": kind_title(found.kind)}
    return render(request, "review/withdraw.html", context)


def _answer(request: HttpRequest, found: Case, text: str) -> HttpResponse:
    before = queries.last_submission(found)
    data = {**before.read(Purpose.SHOW_OWNER), "answer": text}
    try:
        answer_return(actor=_actor(request), case_id=found.id, round=found.round, data=data, evidence=before.files)
    except ReviewError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, _("已重新提交，请等待审核。"))
    return redirect("review:my-case", found.number)


def _own(request: HttpRequest, number: str) -> Case:
    try:
        found = queries.case_by_number(number)
    except ReviewError as error:
        raise Http404 from error
    if found.account_id != signed_in_account(request).id:
        raise Http404
    return found


def _answer_url(found: Case) -> str:
    return next(
        (kind.answer_url(found) for kind in kinds.registered() if kind.name == found.kind and kind.answer_url), ""
    )


def _actor(request: HttpRequest) -> Actor:
    account = signed_in_account(request)
    return Actor.account(account.realm, account.id)
