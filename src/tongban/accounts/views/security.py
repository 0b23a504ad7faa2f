"""账号安全: password, phone, sessions."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import auth, messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.accounts import queries
from tongban.accounts.callers import account_of, actor_of, session_of
from tongban.accounts.codes import judge_code, refuse, send_code
from tongban.accounts.errors import AccountsError, ChangeMustWait, PasswordRefused, PasswordWrong, PhoneUnchanged
from tongban.accounts.flows.change_password import change_password as change
from tongban.accounts.flows.change_phone import change_phone, confirm_owner
from tongban.accounts.flows.end_sessions import EndReason, end_sessions
from tongban.accounts.forms import SEND_CODE, ChangePasswordForm, ConfirmOwnerForm, NewPhoneForm
from tongban.accounts.rules import Realm
from tongban.accounts.sentences import sentence
from tongban.challenge.errors import ChallengeError, CodeRejected, TooManyRequests
from tongban.challenge.rules import CodePurpose
from tongban.design.forms import Form
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.vault.purposes import Purpose
from tongban.web.doors import signed_in

_SESSIONS_SHOWN = 20
_CONFIRMED = "phone_owner_confirmed_at"
_CONFIRMED_FOR = timedelta(minutes=10)


@signed_in()
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Show what protects the account, and where it is signed in."""
    account = account_of(request)
    phone = queries.phone_of(account, Purpose.SHOW_MASKED)
    here = session_of(request).row
    elsewhere = [session for session in queries.sessions_of(account)[: _SESSIONS_SHOWN + 1] if session != here]
    context = {
        "heading": _("账号安全"),
        "account": account,
        "phone": phone.masked if phone else "",
        "here": here,
        "elsewhere": elsewhere[:_SESSIONS_SHOWN],
        "most_shown": _SESSIONS_SHOWN,
        "is_staff": account.realm == Realm.STAFF,
        "app": queries.confirmed_totp(account),
        "passkeys": queries.passkeys(account) if account.realm == Realm.STAFF else [],
    }
    return render(request, "accounts/security.html", context)


@signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """修改密码."""
    account = account_of(request)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, realm=Realm(account.realm))
    if form.is_valid() and _change_password(request, form):
        messages.success(request, _("密码已修改，其他设备已退出登录。"))
        return redirect("accounts:security")
    context = {"heading": _("修改密码"), "form": form, "submit_label": _("保存"), "login_name": account.login_name}
    return render(request, "accounts/change_password.html", context)


def _change_password(request: HttpRequest, form: ChangePasswordForm) -> bool:
    typed = form.cleaned_data
    account = account_of(request)
    try:
        account = change(
            actor=actor_of(request),
            account=account,
            current=typed["current"],
            new=typed["password"],
            keep_session=_session_id(request),
        )
    except PasswordRefused as error:
        _refuse(form, "password", error)
    except (PasswordWrong, TooManyRequests) as error:
        _refuse(form, "current", error)
    else:
        auth.update_session_auth_hash(request, account)
    return not form.errors


@signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_phone_owner(request: HttpRequest) -> HttpResponse:
    """更换手机号码, first step: the password and a code to the old phone."""
    form = ConfirmOwnerForm(request.POST if request.method == "POST" else None)
    old = queries.phone_of(account_of(request), Purpose.DELIVER_MESSAGE)
    if old is None:
        return redirect("accounts:security")
    if form.is_valid():
        if form.act == SEND_CODE:
            send_code(request, form, purpose=CodePurpose.CHANGE_PHONE_OLD, phone=old)
        elif _confirm_owner(request, form, old):
            request.session[_CONFIRMED] = clock.now().isoformat()
            return redirect("accounts:change-phone-new")
    context = {"heading": _("更换手机号码"), "form": form, "submit_label": _("下一步"), "phone": old.masked, **_step(1)}
    return render(request, "accounts/change_phone.html", context)


def _confirm_owner(request: HttpRequest, form: ConfirmOwnerForm, old: Mobile) -> bool:
    code = judge_code(request, form, purpose=CodePurpose.CHANGE_PHONE_OLD, phone=old)
    if code is None:
        return False
    password = form.cleaned_data["password"]
    try:
        confirm_owner(actor=actor_of(request), account=account_of(request), password=password, old_code=code)
    except (PasswordWrong, TooManyRequests) as error:
        _refuse(form, "password", error)
    except ChangeMustWait as error:
        _refuse(form, None, error)
    except CodeRejected as error:
        refuse(form, "code", error)
    return not form.errors


@signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
def new_phone(request: HttpRequest) -> HttpResponse:
    """更换手机号码, second step: the new phone and a code to it."""
    if not _owner_is_confirmed(request):
        return redirect("accounts:change-phone")
    form = NewPhoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        if form.act == SEND_CODE:
            send_code(request, form, purpose=CodePurpose.CHANGE_PHONE_NEW, phone=phone, blame="phone")
        elif _change_phone(request, form, phone):
            del request.session[_CONFIRMED]
            messages.success(request, _("手机号码已更换，其他设备已退出登录。"))
            return redirect("accounts:security")
    context = {"heading": _("更换手机号码"), "form": form, "submit_label": _("保存"), **_step(2)}
    return render(request, "accounts/change_phone.html", context)


def _step(number: int) -> dict[str, object]:
    return {"step_names": [_("确认本人"), _("新的手机号码")], "step": number}


def _owner_is_confirmed(request: HttpRequest) -> bool:
    confirmed_at = request.session.get(_CONFIRMED)
    return confirmed_at is not None and clock.now() < datetime.fromisoformat(confirmed_at) + _CONFIRMED_FOR


def _change_phone(request: HttpRequest, form: NewPhoneForm, phone: Mobile) -> bool:
    code = judge_code(request, form, purpose=CodePurpose.CHANGE_PHONE_NEW, phone=phone)
    if code is None:
        return False
    try:
        change_phone(
            actor=actor_of(request),
            account=account_of(request),
            phone=phone,
            new_code=code,
            keep_session=_session_id(request),
        )
    except PhoneUnchanged as error:
        _refuse(form, "phone", error)
    except ChangeMustWait as error:
        _refuse(form, None, error)
    except CodeRejected as error:
        refuse(form, "code", error)
    return not form.errors


@signed_in()
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign the account out everywhere else."""
    account_id = account_of(request).id
    end_sessions(actor=actor_of(request), account_id=account_id, reason=EndReason.OWNER, keep=_session_id(request))
    messages.success(request, _("其他设备已退出登录。"))
    return redirect("accounts:security")


@signed_in()
@require_POST
def end_one(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign the account out on one device."""
    account_id = account_of(request).id
    if session_id != _session_id(request):
        end_sessions(actor=actor_of(request), account_id=account_id, reason=EndReason.OWNER, only=session_id)
        messages.success(request, _("该设备已退出登录。"))
    return redirect("accounts:security")


def _session_id(request: HttpRequest) -> UUID | None:
    row = session_of(request).row
    return row.id if row else None


def _refuse(form: Form, field: str | None, error: AccountsError | ChallengeError) -> None:
    form.add_error(field, ValidationError(sentence(error), code=error.code))
