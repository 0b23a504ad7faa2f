"""工作人员登录: password, then the authenticator app or a passkey; and the one-time links by which both are set up."""

from collections.abc import Sequence

from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.accounts import device_cookie, fresh, languages, pending, queries, tally
from tongban.accounts.callers import account_of, actor_of, session_of
from tongban.accounts.errors import (
    AccountSuspended,
    AlreadyEnrolled,
    InvitationSpent,
    PasskeyRefused,
    PasswordRefused,
)
from tongban.accounts.flows.accept_invitation import choose_password
from tongban.accounts.flows.add_passkey import enrol_passkey as tie_passkey
from tongban.accounts.flows.enrol_factor import confirm_enrolment
from tongban.accounts.flows.log_in_staff import give_factor, give_password
from tongban.accounts.forms import ChoosePasswordForm, LogInForm, SecondFactorForm
from tongban.accounts.models import Account, Invitation
from tongban.accounts.password_policy import must_be_replaced
from tongban.accounts.rules import InvitationKind, Realm
from tongban.accounts.rules.passkeys import PasskeyUse
from tongban.accounts.sentences import sentence
from tongban.accounts.views import factors
from tongban.accounts.views.log_in import sign_in, to_explanation, try_password
from tongban.design import menus
from tongban.web.address import network
from tongban.web.doors import anyone
from tongban.web.next_page import next_page, with_next

# "pop" is registered beside RFC 8176 by OpenID Connect EAP: possession of a key was proved, kept in hardware or not.
_BY_APP, _BY_PASSKEY = ("pwd", "otp", "mfa"), ("pwd", "pop", "user", "mfa")
_PROVED_BY = "staff_proved_by"
"""Where a session keeps that, as long as a password that is too old stands in the way."""


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def window(request: HttpRequest) -> HttpResponse:
    """工作人员登录, first step: login name and password."""
    page = next_page(request)
    if request.method == "POST":
        form = LogInForm(request.POST)
        try:
            account = try_password(request, form, Realm.STAFF, give_password)
        except AccountSuspended as error:
            return to_explanation(request, error)
        if account:
            pending.begin(session_of(request), account)
            return redirect(with_next(reverse("accounts:second-factor"), page))
    elif request.user.is_authenticated and account_of(request).realm == Realm.STAFF:
        return HttpResponseRedirect(page or _home(account_of(request)))
    else:
        form = LogInForm(asks_human=tally.network_needs_human_check(network(request)))
    context = {"heading": _("工作人员登录"), "form": form, "submit_label": _("登录"), "next": page}
    return render(request, "accounts/staff_window.html", context)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """工作人员登录, second step: the code of the authenticator app, or a passkey."""
    page = next_page(request)
    half = pending.find(session_of(request))
    if half is None:
        return redirect(with_next(reverse("accounts:log-in-staff"), page))
    account = half.account
    form = factors.form_of(request, account)
    if form.is_valid():
        given = factors.proof(request, form, PasskeyUse.SIGN_IN)
        if factors.accepted(form, lambda: give_factor(actor=actor_of(request), account=account, proof=given)):
            return signed_in(request, account, page, _BY_PASSKEY if form.passkey else _BY_APP)
    ways = factors.ways(request, account, PasskeyUse.SIGN_IN)
    context = {
        "heading": _("动态验证码") if ways["asks_code"] and not ways["passkey_options"] else _("第二重验证"),
        "form": form,
        "submit_label": _("登录"),
        "passkey_label": _("用通行密钥登录"),
        "next": page,
        **ways,
    }
    return render(request, "accounts/second_factor.html", context)


def signed_in(request: HttpRequest, account: Account, page: str, methods: Sequence[str] = ()) -> HttpResponseRedirect:
    """Sign a member of staff in who gave both factors; a password that is too old is replaced first.

    `methods` is how; it may be left out afterwards, when the password was replaced.
    """
    pending.end(session_of(request))
    if must_be_replaced(account):
        pending.begin(session_of(request), account, owes=pending.Owes.NEW_PASSWORD)
        request.session[_PROVED_BY] = list(methods)
        return redirect(with_next(reverse("accounts:replace-weak-password"), page))
    sign_in(request, account, methods=methods or request.session.get(_PROVED_BY, ()))
    fresh.note(request)
    answer = HttpResponseRedirect(page or _home(account))
    device_cookie.recognise(request, answer, account)
    languages.agree(request, answer, account)
    return answer


def _home(account: Account) -> str:
    """Return the first page of the desk that the person may open."""
    return next((link.url for link in menus.desk(account.roles, "")), reverse("accounts:security"))


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Open a one-time link: choose a password, or tie a new app with the password one has."""
    found = queries.live_invitation(token)
    if found is None:
        return _spent(request)
    if found.kind == InvitationKind.FACTOR:
        return _with_own_password(request, found)
    return _with_new_password(request, found)


def _with_new_password(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = ChoosePasswordForm(request.POST if request.method == "POST" else None, realm=Realm.STAFF)
    if form.is_valid():
        try:
            account = choose_password(actor=actor_of(request), invitation=found, password=form.cleaned_data["password"])
        except PasswordRefused as error:
            form.add_error("password", ValidationError(sentence(error), code=error.code))
        except InvitationSpent:
            return _spent(request)
        else:
            return _after_new_password(request, account, found)
    context = {
        "heading": _("设置密码"),
        "form": form,
        "submit_label": _("下一步"),
        "login_name": found.account.login_name,
    }
    return render(request, "accounts/invitation.html", context)


def _after_new_password(request: HttpRequest, account: Account, found: Invitation) -> HttpResponse:
    """Go on to the app at the first sign-in; who has an app logs in with it."""
    if found.kind == InvitationKind.PASSWORD:
        messages.success(request, _("密码已设置。请用新密码和动态验证码（或通行密钥）登录。"))
        return redirect("accounts:log-in-staff")
    pending.begin(session_of(request), account, found)
    return redirect("accounts:enrol-factor")


def _with_own_password(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Ask for the password before a new app may be tied: the link alone is worth nothing."""
    form = LogInForm(request.POST if request.method == "POST" else None)
    try:
        account = try_password(request, form, Realm.STAFF, give_password) if request.method == "POST" else None
    except AccountSuspended as error:
        return to_explanation(request, error)
    if account and account.id == found.account_id:
        pending.begin(session_of(request), account, found)
        return redirect("accounts:enrol-factor")
    if account:
        form.add_error(None, _("这个链接是给另一个账号的。请用收到链接的账号登录。"))
    context = {"heading": _("绑定新的第二重验证"), "form": form, "submit_label": _("下一步")}
    return render(request, "accounts/staff_window.html", context)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """绑定动态验证码: take the secret into an app and prove it with a code."""
    half = pending.find(session_of(request))
    if half is None or half.invitation is None:
        return redirect("accounts:log-in-staff")
    invitation = half.invitation
    form = SecondFactorForm(request.POST if request.method == "POST" else None)

    def confirm() -> None:
        confirm_enrolment(actor=actor_of(request), invitation=invitation, code=form.cleaned_data["code"])

    try:
        if form.is_valid() and factors.accepted(form, confirm):
            return signed_in(request, half.account, "", _BY_APP)
        context = factors.app_page(half.account, form)
    except (AlreadyEnrolled, InvitationSpent):
        return _spent(request)
    return render(
        request, "accounts/enrol_factor.html", {**context, "submit_label": _("确认并登录"), "or_passkey": True}
    )


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_passkey(request: HttpRequest) -> HttpResponse:
    """绑定通行密钥, in place of an app."""
    half = pending.find(session_of(request))
    if half is None or half.invitation is None:
        return redirect("accounts:log-in-staff")
    form = factors.new_passkey_form(request)
    if form.is_valid():
        try:
            answer = factors.made(request, form)
            tie_passkey(invitation=half.invitation, answer=answer, name=form.cleaned_data["name"])
        except PasskeyRefused as error:
            factors.refuse(form, None, error)
        except InvitationSpent:
            return _spent(request)
        else:
            return signed_in(request, half.account, "", _BY_PASSKEY)
    context = {
        "heading": _("绑定通行密钥"),
        "form": form,
        "submit_label": _("创建通行密钥并登录"),
        "passkey_options": factors.to_make(request, half.account),
        "back_url": reverse("accounts:enrol-factor"),
        "back_label": _("改用验证器应用"),
    }
    return render(request, "accounts/new_passkey.html", context)


def _spent(request: HttpRequest) -> HttpResponse:
    """Say that the link works no more."""
    return render(request, "accounts/invitation_spent.html", {"heading": _("链接已失效")}, status=410)
