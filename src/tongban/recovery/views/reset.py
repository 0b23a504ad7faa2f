"""登录名重置密码: 检索登录名, then a new password, then the way to the platform.

Whether there is an account shows nowhere on the way: the pages, what they say, their cookies and what they cost are the
same. Only who knows the whole truth about an account is sent a code.
"""

from functools import partial

from django.contrib import auth
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.accounts.callers import actor_of
from tongban.accounts.codes import judge_code, refuse, send_code
from tongban.accounts.errors import PasswordRefused
from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.accounts.sentences import sentence
from tongban.challenge.errors import CodeRejected
from tongban.challenge.rules import CodePurpose
from tongban.design.widgets import OneTimeCodeInput
from tongban.recovery.flows.reset_password import reset_password
from tongban.recovery.flows.send_reset_code import send_reset_code
from tongban.recovery.forms import SEND_CODE, LoginNameForm, NewPasswordForm, NewUnitPasswordForm
from tongban.recovery.kept import drop, keep, kept
from tongban.recovery.views.picture import passed
from tongban.recovery.views.reaching import DONE
from tongban.web.address import network
from tongban.web.doors import anyone

_SEARCHED = "searched"
_FORMS = {Realm.NATURAL: NewPasswordForm, Realm.LEGAL: NewUnitPasswordForm}
_START = {Realm.NATURAL: "recovery:reset-natural", Realm.LEGAL: "recovery:reset-legal"}
WINDOWS = {Realm.NATURAL: "accounts:log-in-natural", Realm.LEGAL: "accounts:log-in-legal"}


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def login_name(request: HttpRequest, realm: Realm) -> HttpResponse:
    """First step: the login name. Nothing is looked up yet."""
    form = LoginNameForm(request.POST if request.method == "POST" else None)
    if passed(request, form):
        keep(request, _SEARCHED, realm=realm.value, login_name=form.cleaned_data["login_name"], paid=True)
        return redirect("recovery:new-password")
    context = {"heading": _("登录名重置密码"), "form": form, "submit_label": _("检索登录名"), **_about(realm)}
    return render(request, "recovery/login_name.html", context)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """Second step: the phone, a code to it, the new password."""
    searched = kept(request, _SEARCHED)
    if searched is None:
        return redirect("recovery:forgotten")
    realm = Realm(searched["realm"])
    form = _FORMS[realm](
        request.POST if request.method == "POST" else None,
        login_name=searched["login_name"],
        asks_human=not searched["paid"],
    )
    if form.is_valid():
        if form.act == SEND_CODE:
            _send(request, form, searched["login_name"])
        elif not form.act and _reset(request, form):
            drop(request, _SEARCHED)
            keep(request, DONE, realm=realm.value)
            return redirect("recovery:done")
    context = {
        "heading": _("登录名重置密码"),
        "form": form,
        "submit_label": _("确定"),
        "login_name": searched["login_name"],
        "start_url": _START[realm],
        **_about(realm),
    }
    return render(request, "recovery/new_password.html", context)


def _about(realm: Realm) -> dict[str, object]:
    return {"realm": realm.value, "steps": [_("检索登录名"), _("设置新密码"), _("完成")]}


def _send(request: HttpRequest, form: NewPasswordForm, typed_name: str) -> None:
    """Send a code, or go through the same motions; the first is paid for by the 验证码 of the step before."""
    claim = form.claim()
    issue = partial(send_reset_code, claim=claim)
    send_code(request, form, purpose=CodePurpose.RESET_PASSWORD, phone=claim.phone, blame="phone", issue=issue)
    if form.errors:
        return
    keep(request, _SEARCHED, realm=claim.realm.value, login_name=typed_name, paid=False)
    form.ask_human()
    widget = form.fields["code"].widget
    if isinstance(widget, OneTimeCodeInput):
        widget.sent = _("所填信息与账号一致的，验证码已发送至 %(phone)s。收不到的，请核对登录名和所填的每一项") % {
            "phone": claim.phone.masked
        }


def _reset(request: HttpRequest, form: NewPasswordForm) -> bool:
    """Reset the password; otherwise say in the form why not."""
    claim = form.claim()
    code = judge_code(request, form, purpose=CodePurpose.RESET_PASSWORD, phone=claim.phone)
    if code is None:
        return False
    try:
        account = reset_password(
            actor=actor_of(request),
            claim=claim,
            code=code,
            password=form.cleaned_data["password"],
            network=network(request),
        )
    except CodeRejected as error:
        refuse(form, "code", error)
    except PasswordRefused as error:
        form.add_error("password", ValidationError(sentence(error), code=error.code))
    else:
        _leave(request, account)
    return not form.errors


def _leave(request: HttpRequest, account: Account) -> None:
    """Sign this browser out if it was signed in to the account: that session has ended with the others."""
    if request.user.is_authenticated and request.user.pk == account.id:
        auth.logout(request)


@anyone
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The password is reset."""
    what = kept(request, DONE)
    if what is None:
        return redirect("recovery:forgotten")
    context = {"heading": _("密码已重置"), "log_in_url": WINDOWS[Realm(what["realm"])], "realm": what["realm"]}
    return render(request, "recovery/done.html", context)
