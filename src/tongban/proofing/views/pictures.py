"""上传自然人信息 / 上传法人信息: pictures, checking them once more, handing them in, the letter of authority."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.challenge.errors import TooManyRequests
from tongban.design.labels import DOCUMENT_KINDS, Text
from tongban.design.wording import inside
from tongban.kernel import clock
from tongban.proofing import presenting, queries, slots
from tongban.proofing.entries import UnitEntries
from tongban.proofing.errors import ConsentMissing, EvidenceMissing, EvidenceNotReady, NotFromHere
from tongban.proofing.flows.consent_to_pictures import consent_to_pictures
from tongban.proofing.flows.correct_entries import correct_entries
from tongban.proofing.flows.send_to_review import frozen, send_to_review
from tongban.proofing.flows.send_to_review import pictures as handed_in
from tongban.proofing.forms import (
    CONSENT_VERSION,
    PersonForm,
    PersonPictureForm,
    PictureForm,
    UnitForm,
    UnitPictureForm,
)
from tongban.proofing.models import Verification
from tongban.proofing.queries import VerificationStatus
from tongban.proofing.views.people import citizen, edit_label, upload_label
from tongban.vault import holders
from tongban.vault.models import EvidenceFile
from tongban.vault.purposes import Purpose
from tongban.vault.rules import EvidenceState
from tongban.vault.uploading import take_uploads, wait_until_drawn
from tongban.web.doors import signed_in


@signed_in()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take the pictures, one by one or all at once; 下一步 leads on when all that are needed are there."""
    account = citizen(request)
    status = queries.status(account)
    verification = status.latest
    if not status.may_upload or verification is None:
        return _not_now(request, status)
    form = _form(request, account, verification)
    name, holder = Actor.account(account.realm, account.pk), holders.of_account(account.pk)
    take_uploads(form, actor=name, holder=holder, frozen=frozen(status))
    if form.is_bound and form.is_valid() and not form.act:
        return _see_other("proofing:check-evidence")
    context = {
        "heading": upload_label(account),
        "form": form,
        "submit_label": _("下一步"),
        "cancel_url": reverse("proofing:profile"),
        "cancel_label": _("返回我的信息"),
        "steps": _steps(),
        "status": status,
        "is_legal": account.realm == Realm.LEGAL,
        "corrected": queries.correction_of(status.review) is not None,
        "edit_label": edit_label(account),
    }
    return render(request, "proofing/upload.html", context)


def _form(request: HttpRequest, account: Account, verification: Verification) -> PictureForm:
    """Return the form; a consent that was ticked is kept before anything that came with it."""
    form_class = UnitPictureForm if account.realm == Realm.LEGAL else PersonPictureForm
    consented = queries.has_consented(verification, CONSENT_VERSION)
    if request.method != "POST":
        return form_class(consented=consented)
    if not consented and request.POST.get("consent"):
        consent_to_pictures(actor=account, verification=verification, version=CONSENT_VERSION)
    # The box stays on the page it was ticked on: the module swaps regions, and must find it again.
    ticked = bool(request.POST.get("consent"))
    return form_class(request.POST, request.FILES, consented=consented and not ticked)


@signed_in()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest) -> HttpResponse:
    """更正填写的内容: what was typed wrongly in a returned case; it counts once the case is handed in again."""
    account = citizen(request)
    status = queries.status(account)
    if status.review is None or not status.in_review or not status.may_upload:
        return _not_now(request, status)
    form_class = UnitForm if account.realm == Realm.LEGAL else PersonForm
    if request.method != "POST":
        known = queries.corrected(account) or queries.entries_of(status.latest, Purpose.SHOW_OWNER)
        form = form_class(initial=known.as_fields() if known else None)
    else:
        form = form_class(request.POST)
        if form.is_valid() and _correct(request, account, form):
            return _see_other("proofing:evidence")
    context = {
        "heading": _("更正填写的内容"),
        "form": form,
        "submit_label": _("保存"),
        "cancel_url": reverse("proofing:evidence"),
        "cancel_label": _("返回补正材料"),
        "steps": _steps(),
        "number": status.review.case.number,
    }
    return render(request, "proofing/correct_entries.html", context)


def _correct(request: HttpRequest, account: Account, form: PersonForm | UnitForm) -> bool:
    """Keep the correction, and return whether the person may go on; a case that has moved on has its own page."""
    try:
        correct_entries(actor=account, entries=form.entries(), consent_version=CONSENT_VERSION)
    except NotFromHere:
        return True
    except TooManyRequests as refusal:
        at = date_format(localtime(refusal.retry_at), "m-d H:i")
        form.add_error(None, _("更正得过于频繁，请在 %(time)s 之后再试。您填写的内容还在下面。") % {"time": at})
        return False
    messages.success(request, _("更正的内容已保存，点“下一步”核对并重新提交。"))
    return True


@signed_in()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show everything once more; 提交审核 hands it in."""
    account = citizen(request)
    if request.method == "POST":
        return _hand_in(request, account)
    status = queries.status(account)
    if not status.may_upload:
        return _not_now(request, status)
    wait_until_drawn(holders.of_account(account.pk))
    return _check_page(request, account, status)


def _hand_in(request: HttpRequest, account: Account) -> HttpResponse:
    try:
        send_to_review(actor=account, consent_version=CONSENT_VERSION)
    except NotFromHere:
        return _not_now(request, queries.status(account))
    except (ConsentMissing, EvidenceMissing):
        messages.error(request, _("材料还不齐全。请补上缺少的图片。"))
        return _see_other("proofing:evidence")
    except EvidenceNotReady:
        messages.info(request, _("有的图片还在检查，请稍候几秒再提交。"))
        return _see_other("proofing:check-evidence")
    except TooManyRequests as refusal:
        at = date_format(localtime(refusal.retry_at), "m-d H:i")
        messages.error(request, _("提交人工审核过于频繁，请在 %(time)s 之后再试。已上传的图片会保留。") % {"time": at})
        return _see_other("proofing:check-evidence")
    return _see_other("proofing:evidence-submitted")


def _check_page(request: HttpRequest, account: Account, status: VerificationStatus) -> HttpResponse:
    found = handed_in(account, status)
    shots = list(_shots(account, found))
    corrected = queries.corrected(account, Purpose.SHOW_MASKED)
    entries = corrected or queries.entries_of(status.latest, Purpose.SHOW_MASKED)
    needed = slots.slots_of(account.realm).keys() - slots.OPTIONAL
    if entries is None or not needed <= found.keys() or any(file.state == EvidenceState.REFUSED for _s, file in shots):
        return redirect("proofing:evidence")
    context = {
        "heading": _("核对并提交"),
        "steps": _steps(),
        "sections": presenting.sections(entries),
        "shots": shots,
        "waiting": any(file.state == EvidenceState.RECEIVED for _slot, file in shots),
        "edit_label": edit_label(account),
        "answers": status.in_review,
        "corrected": corrected is not None,
    }
    return render(request, "proofing/check_evidence.html", context)


def _shots(account: Account, found: Mapping[str, EvidenceFile]) -> Iterator[tuple[Text, EvidenceFile]]:
    return ((label, found[slot]) for slot, label in slots.slots_of(account.realm).items() if slot in found)


@signed_in()
@never_cache
@require_safe
def submitted(request: HttpRequest) -> HttpResponse:
    """已提交: the number, what happens next, when, and how the person will hear of it."""
    review = queries.status(citizen(request)).review
    if review is None or not review.is_live or review.is_returned:
        return redirect("proofing:profile")
    context = {
        "heading": _("已提交人工审核"),
        "reference": review.case.number,
        "reference_label": _("办件编号："),
        "case": review.case,
    }
    return render(request, "proofing/evidence_submitted.html", context)


@signed_in(realm=Realm.LEGAL)
@never_cache
@require_safe
def letter(request: HttpRequest) -> HttpResponse:
    """授权书, made for this unit, to print, sign and stamp."""
    account = citizen(request)
    entries = queries.corrected(account) or queries.entries_of(queries.latest(account), Purpose.SHOW_OWNER)
    if not isinstance(entries, UnitEntries):
        messages.info(request, _("请先填写并保存法人信息，再打印授权书。"))
        return redirect("proofing:profile")
    context = {
        "heading": _("授权书"),
        "letter": "proofing/pieces/letter.html",
        "entries": entries,
        "agent_document_kind": inside(DOCUMENT_KINDS[entries.agent_document.kind]),
        "platform": settings.SITE_NAME,
        "year": localtime(clock.now()).year,
    }
    return render(request, "proofing/letter.html", context)


def _not_now(request: HttpRequest, status: VerificationStatus) -> HttpResponse:
    """Lead to where the account stands: there is nothing to upload for."""
    if status.in_review and not status.may_upload:
        return _see_other("proofing:evidence-submitted")
    messages.info(request, _("目前没有需要上传的材料。"))
    return _see_other("proofing:profile")


def _steps() -> list[str]:
    return [_("上传图片"), _("核对"), _("人工审核"), _("完成认证")]


def _see_other(name: str, *args: Any) -> HttpResponseRedirect:
    answer = redirect(name, *args)
    answer.status_code = 303  # the next request is a GET whatever this one was (RFC 9110 §15.4.4)
    return answer
