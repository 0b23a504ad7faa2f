"""What operators do at the desk: replace a colleague's lost credential, find accounts, suspend them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.accounts import finders, queries, tally
from tongban.accounts.callers import account_of, actor_of
from tongban.accounts.errors import AccountsError
from tongban.accounts.flows import reset_credential
from tongban.accounts.flows.look_up_account import find_account, open_account_page
from tongban.accounts.flows.suspend_account import lift_suspension, suspend_account
from tongban.accounts.forms import FindAccountForm, ReasonForm, ResetForm, SuspendForm
from tongban.accounts.fresh import fresh_factor
from tongban.accounts.labels import REALMS, RESETS, ROLES
from tongban.accounts.models import Account, Suspension
from tongban.accounts.rules import InvitationKind, Realm, Role
from tongban.accounts.rules.passkeys import PasskeyUse
from tongban.accounts.sentences import sentence
from tongban.accounts.views import factors
from tongban.design import menus
from tongban.design.forms import Form
from tongban.design.wording import listed
from tongban.vault.purposes import Purpose
from tongban.web.doors import signed_in


@dataclass(frozen=True, slots=True)
class _Deed:
    """Something an operator does to an account for a reason: the form, the flow, and what the page says."""

    form: type[ReasonForm]
    flow: Callable[..., object]
    heading: str
    done: str


def _factors(one: queries.Colleague) -> Iterator[str]:
    """Yield what second factors somebody has."""
    if one.has_app:
        yield _("动态验证码")
    if one.passkeys:
        yield _("通行密钥 %(many)s 个") % {"many": one.passkeys}


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    menu = menus.desk(account_of(request).roles, request.path)
    return render(request, f"accounts/operating/{template}.html", {"desk_menu": menu, **context})


def _done(form: Form | None, request: HttpRequest, act: Callable[[], object]) -> bool:
    """Do it, and return whether it was done; what keeps it from being done is shown."""
    try:
        act()
    except AccountsError as error:
        if form is None:
            messages.error(request, sentence(error))
        else:
            form.add_error(None, ValidationError(sentence(error), code=error.code))
        return False
    return True


@signed_in(realm=Realm.STAFF, role=Role.OPERATOR)
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """工作人员: who there is, and which requests wait for a second operator."""
    own = account_of(request)
    rows = [
        {
            "account": one.account,
            "roles": listed(ROLES[Role(role)] for role in one.roles),
            "factors": listed(_factors(one)),
            "suspended": one.is_suspended,
            "is_own": one.account.id == own.id,
        }
        for one in queries.staff()
    ]
    resets = [
        {
            "row": row,
            "what": RESETS[InvitationKind(row.what)],
            "reason": row.reason.reveal(Purpose.REVIEW),
            "may_approve": own.id not in {row.requested_by_id, row.account_id},
            "may_decline": own.id != row.account_id,
        }
        for row in queries.open_resets()
    ]
    return _page(request, "staff", {"heading": _("工作人员"), "rows": rows, "resets": resets})


@signed_in(realm=Realm.STAFF, role=Role.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def request_reset(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Ask for a reset of a colleague's credential."""
    colleague = get_object_or_404(Account, id=account_id, realm=Realm.STAFF)
    form = ResetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        operator = account_of(request)
        act = partial(reset_credential.request_reset, operator=operator, account=colleague)
        if _done(form, request, partial(act, what=typed["what"], reason=typed["reason"])):
            messages.success(request, _("申请已提交，等待另一位运维人员同意。"))
            return redirect("accounts:staff")
    context = {"heading": _("申请重置登录凭证"), "form": form, "submit_label": _("提交申请"), "account": colleague}
    context["cancel_url"] = reverse("accounts:staff")
    return _page(request, "form", context)


@signed_in(realm=Realm.STAFF, role=Role.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def approve_reset(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Approve what another operator asked for, with a fresh code, and show the link, this once."""
    operator, tokens = account_of(request), []
    form = factors.form_of(request, operator)

    def approve() -> None:
        given = factors.proof(request, form, PasskeyUse.CONFIRM)
        tokens.append(reset_credential.approve_reset(operator=operator, request_id=request_id, proof=given))

    try:
        found = reset_credential.may_approve(operator=operator, request_id=request_id)
        is_approved = form.is_valid() and factors.accepted(form, approve)
    except AccountsError as error:
        messages.error(request, sentence(error))
        return redirect("accounts:staff")
    if not is_approved:
        context = {
            "heading": _("同意重置登录凭证"),
            "form": form,
            "submit_label": _("同意重置"),
            "account": found.account,
            "told": [
                (_("重置什么"), RESETS[InvitationKind(found.what)]),
                (_("提出人"), found.requested_by.login_name),
                (_("理由"), found.reason.reveal(Purpose.REVIEW)),
            ],
            "passkey_label": _("用通行密钥同意重置"),
            "cancel_url": reverse("accounts:staff"),
            **factors.ways(request, operator, PasskeyUse.CONFIRM),
        }
        return _page(request, "approve", context)
    link = f"{settings.ADDRESS}{reverse('accounts:invitation', args=tokens)}"
    hours = settings.STAFF_INVITATION_HOURS
    return _page(request, "link", {"heading": _("一次性链接"), "link": link, "hours": hours})


@signed_in(realm=Realm.STAFF, role=Role.OPERATOR)
@require_POST
def decline_reset(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Decline it, or take it back."""
    if _done(
        None, request, lambda: reset_credential.decline_reset(operator=account_of(request), request_id=request_id)
    ):
        messages.success(request, _("申请已撤销，没有重置任何凭证。"))
    return redirect("accounts:staff")


@signed_in(realm=Realm.STAFF, role=Role.OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """账号: find one. What is typed is posted, so that it stands in no address and no log."""
    form = FindAccountForm(request.POST if request.method == "POST" else None, ways=finders.ways())
    if form.is_valid():
        found = find_account(operator=account_of(request), **form.cleaned_data)
        if found:
            return redirect("accounts:account", found)
        form.add_error("value", _("没有这样的账号。请核对后重新输入。"))
    return _page(request, "find", {"heading": _("查找账号"), "form": form, "submit_label": _("查找")})


@signed_in(realm=Realm.STAFF, role=Role.OPERATOR)
@require_safe
def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """What an operator needs to know of an account: nothing about the person, all about its suspensions."""
    found = get_object_or_404(Account, id=account_id)
    open_account_page(operator=account_of(request), account=found)
    phone = queries.phone_of(found, Purpose.SHOW_MASKED)
    suspensions = [_told(row) for row in queries.suspensions_of(found)]
    context = {
        "heading": _("账号"),
        "account": found,
        "realm": REALMS[Realm(found.realm)],
        "phone": phone.masked if phone else "",
        "suspensions": suspensions,
        "password_disabled": tally.is_disabled(found),
        "suspended": any(row["row"].ended_at is None for row in suspensions),
        "is_own": found.id == account_of(request).id,
    }
    return _page(request, "account", context)


def _told(row: Suspension) -> dict[str, Any]:
    lifted = row.ended_reason.reveal(Purpose.REVIEW) if row.ended_reason else ""
    return {"row": row, "reason": row.reason.reveal(Purpose.REVIEW), "lifted": lifted}


@signed_in(realm=Realm.STAFF, role=Role.OPERATOR)
@fresh_factor
@require_http_methods(["GET", "HEAD", "POST"])
def suspend(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """暂停使用."""
    deed = _Deed(SuspendForm, suspend_account, heading=_("暂停使用账号"), done=_("账号已暂停使用。"))
    return _with_reason(request, account_id, deed)


@signed_in(realm=Realm.STAFF, role=Role.OPERATOR)
@fresh_factor
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """恢复使用."""
    deed = _Deed(ReasonForm, lift_suspension, heading=_("恢复使用账号"), done=_("账号已恢复使用。"))
    return _with_reason(request, account_id, deed)


def _with_reason(request: HttpRequest, account_id: UUID, deed: _Deed) -> HttpResponse:
    """Ask for the reason, do it, and lead back to the account."""
    found = get_object_or_404(Account, id=account_id)
    form = deed.form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        call = partial(deed.flow, actor=actor_of(request), account=found, operator=account_of(request))
        if _done(form, request, partial(call, reason=form.cleaned_data["reason"])):
            messages.success(request, deed.done)
            return redirect("accounts:account", account_id)
    context = {"heading": deed.heading, "form": form, "submit_label": deed.heading, "account": found}
    context["cancel_url"] = reverse("accounts:account", args=[account_id])
    return _page(request, "form", context)
