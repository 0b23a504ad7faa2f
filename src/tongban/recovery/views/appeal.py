"""自然人申诉找回密码 and 单位法人用户申诉找回密码: fill in, check the answers, hand in.

Nothing is looked up on the way: whether a person or a unit has an account is for the reviewers to see.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.accounts.callers import actor_of
from tongban.accounts.codes import judge_code, refuse, send_code
from tongban.accounts.rules import Realm
from tongban.accounts.sentences import sentence
from tongban.challenge.errors import CodeRejected, TooManyRequests
from tongban.challenge.rules import CodePurpose
from tongban.design.spoken import site_text
from tongban.kernel import clock
from tongban.recovery import queries
from tongban.recovery.errors import AppealIncomplete
from tongban.recovery.flows.keep_appeal import begin_appeal, keep_appeal
from tongban.recovery.flows.submit_appeal import submit_appeal
from tongban.recovery.forms import SEND_CODE, LegalAppealForm, NaturalAppealForm, UnitNameForm
from tongban.recovery.kept import kept
from tongban.recovery.labels import FIELDS, SLOTS, readable
from tongban.recovery.models import Appeal
from tongban.recovery.views.picture import passed
from tongban.recovery.views.reaching import APPEAL, appeal_of, holder_of, reach
from tongban.review.errors import CaseMoved
from tongban.vault.uploading import take_uploads
from tongban.web.doors import anyone

AppealForm = NaturalAppealForm | LegalAppealForm
_HEADINGS = {
    Realm.NATURAL: lambda: _("自然人申诉找回密码"),
    Realm.LEGAL: lambda: _("单位法人用户申诉找回密码"),
}
_FORM_PAGE = {Realm.NATURAL: "recovery:appeal-natural", Realm.LEGAL: "recovery:appeal-details"}


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def natural(request: HttpRequest) -> HttpResponse:
    """自然人申诉找回密码."""
    appeal = appeal_of(request, Realm.NATURAL)
    form = NaturalAppealForm(*_sent(request), initial=dict(appeal.read()) if appeal else None, appeal=appeal)
    return _form_page(request, form, appeal, {})


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def legal(request: HttpRequest) -> HttpResponse:
    """单位法人用户申诉找回密码, first step: the name of the unit."""
    form = UnitNameForm(request.POST if request.method == "POST" else None)
    if passed(request, form):
        name = form.cleaned_data["unit_name"].value
        reach(request, begin_appeal(realm=Realm.LEGAL, holder=holder_of(request), data={"unit_name": name}))
        return redirect("recovery:appeal-details")
    context = {
        "heading": _HEADINGS[Realm.LEGAL](),
        "form": form,
        "submit_label": _("检索单位名称"),
        "steps": _steps(Realm.LEGAL),
    }
    return render(request, "recovery/unit_name.html", context)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """单位法人用户申诉找回密码, second step."""
    appeal = appeal_of(request, Realm.LEGAL)
    if appeal is None:
        return redirect("recovery:appeal-legal")
    before = appeal.read()
    form = LegalAppealForm(*_sent(request), initial=dict(before), appeal=appeal)
    return _form_page(request, form, appeal, {"unit_name": before["unit_name"]})


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _form_page(request: HttpRequest, form: AppealForm, appeal: Appeal | None, known: Mapping[str, str]) -> HttpResponse:
    """Take pictures, send the code, keep what is complete; otherwise draw the form. `known`: of the step before."""
    take_uploads(form, actor=actor_of(request), holder=holder_of(request))
    if form.is_valid():
        if form.act == SEND_CODE:
            send_code(request, form, purpose=CodePurpose.APPEAL, phone=form.cleaned_data["phone"], blame="phone")
        elif not form.act and _keep(request, form, appeal, known):
            return redirect("recovery:appeal-check")
    context = {
        "heading": _HEADINGS[form.realm](),
        "form": form,
        "submit_label": _("下一步"),
        "steps": _steps(form.realm),
        "step": 2 if form.realm is Realm.LEGAL else 1,
        "unit_name": known.get("unit_name", ""),
        "correcting": appeal is not None and appeal.case_id is not None,
    }
    return render(request, "recovery/appeal.html", context)


def _keep(request: HttpRequest, form: AppealForm, appeal: Appeal | None, known: Mapping[str, str]) -> bool:
    phone = form.proved_or_typed()
    code = None
    if form.needs_code():
        code = judge_code(request, form, purpose=CodePurpose.APPEAL, phone=phone)
        if code is None:
            return False
    appeal = appeal or begin_appeal(realm=form.realm, holder=holder_of(request), data={})
    try:
        keep_appeal(actor=actor_of(request), appeal=appeal, data={**known, **form.filled()}, phone=phone, code=code)
    except CodeRejected as error:
        refuse(form, "code", error)
        return False
    except AppealIncomplete:
        form.add_error(None, _("这件申诉已经提交，或者已经过期。请重新填写。"))
        return False
    reach(request, appeal)
    return True


def _steps(realm: Realm) -> list[str]:
    first = [_("检索单位名称")] if realm is Realm.LEGAL else []
    return [*first, _("填写和上传"), _("核对并提交"), _("人工审核")]


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show everything once more; 提交申诉 hands it in."""
    appeal = appeal_of(request)
    if appeal is None:
        return redirect("recovery:submitted" if kept(request, APPEAL) else "recovery:forgotten")
    realm = Realm(appeal.realm)
    error = _hand_in(request, appeal) if request.method == "POST" else ""
    if error is None:
        return redirect("recovery:submitted")
    filled, files = appeal.read(), queries.pictures(appeal)
    page = reverse(_FORM_PAGE[realm])
    if "document_number" not in filled:
        return redirect(page)
    context = {
        "heading": _("核对并提交"),
        "steps": _steps(realm),
        "step": len(_steps(realm)) - 1,
        "rows": [(label, readable(name, filled.get(name, ""))) for name, label in FIELDS[realm].items()],
        "shots": [(label, files[slot]) for slot, label in SLOTS[realm].items() if slot in files],
        "change_url": page,
        "error": error,
        "old_pictures": appeal.case_id is not None,
    }
    return render(request, "recovery/check.html", context)


def _hand_in(request: HttpRequest, appeal: Appeal) -> str | None:
    """Hand the appeal in; return what stands in the way, `None` when nothing does."""
    try:
        submit_appeal(actor=actor_of(request), appeal_id=appeal.id)
    except AppealIncomplete:
        return _("材料还不齐全。请返回补上缺少的内容或图片。")
    except CaseMoved:
        return _("这件申诉已经有了新的进展，不能再补正。请查询申诉进度。")
    except TooManyRequests as error:
        return sentence(error)
    return None


@anyone
@require_safe
def submitted(request: HttpRequest) -> HttpResponse:
    """已提交: the number, what happens next, when, and how the person will hear of it; printable."""
    reached = kept(request, APPEAL)
    appeal = Appeal.objects.filter(id=reached["id"]).select_related("case").first() if reached else None
    if appeal is None or appeal.submitted_at is None or appeal.case is None:
        return redirect("recovery:forgotten")
    context = {
        "heading": _("申诉已提交"),
        "reference": appeal.case.number,
        "reference_label": _("办件编号："),
        "case": appeal.case,
    }
    return render(request, "recovery/submitted.html", context)


@anyone
@require_safe
def letter(request: HttpRequest) -> HttpResponse:
    """授权书, made for this unit, to print, sign and stamp; with `?download` as a file."""
    appeal = appeal_of(request, Realm.LEGAL)
    if appeal is None:
        return redirect("recovery:appeal-legal")
    download = "download" in request.GET
    context = {
        "heading": _("授权书"),
        "letter": "recovery/pieces/letter.html",
        "filled": appeal.read(),
        "year": localtime(clock.now()).year,
        # Called where it is drawn: the letter is Chinese on an English page as well.
        "site_name": partial(site_text, settings.SITE_NAME),
    }
    response = render(request, "recovery/letter_file.html" if download else "recovery/letter.html", context)
    if download:
        response.headers["Content-Disposition"] = "attachment; filename*=UTF-8''%E6%8E%88%E6%9D%83%E4%B9%A6.html"
    return response
