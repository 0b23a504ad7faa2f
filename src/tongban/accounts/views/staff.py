"""工作人员登录: password, then the authenticator app; and the one-time links by which both are set up."""

import segno
from django.conf import settings
from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.accounts import device_cookie, languages, pending, queries, tally
from tongban.accounts.callers import account_of, actor_of, session_of
from tongban.accounts.errors import AccountSuspended, InvitationSpent, PasswordRefused, SecondFactorRefused
from tongban.accounts.flows.accept_invitation import choose_password
from tongban.accounts.flows.enrol_factor import begin_enrolment, confirm_enrolment
from tongban.accounts.flows.log_in_staff import give_code, give_password
from tongban.accounts.forms import ChoosePasswordForm, LogInForm, SecondFactorForm
from tongban.accounts.models import Account, Invitation
from tongban.accounts.password_policy import must_be_replaced
from tongban.accounts.rules import InvitationKind, Realm, totp
from tongban.accounts.sentences import sentence
from tongban.accounts.views.log_in import sign_in, to_explanation, try_password
from tongban.challenge.errors import TooManyRequests
from tongban.design import menus
from tongban.vault.purposes import Purpose
from tongban.web.address import network
from tongban.web.doors import anyone
from tongban.web.next_page import next_page, with_next

_BOTH = ("pwd", "otp", "mfa")


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
    """工作人员登录, second step: the code of the authenticator app."""
    page = next_page(request)
    half = pending.find(session_of(request))
    if half is None:
        return redirect(with_next(reverse("accounts:log-in-staff"), page))
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _give_code(request, form, half.account):
        return signed_in(request, half.account, page)
    context = {"heading": _("动态验证码"), "form": form, "submit_label": _("登录"), "next": page}
    return render(request, "accounts/second_factor.html", context)


def _give_code(request: HttpRequest, form: SecondFactorForm, account: Account) -> bool:
    try:
        device = device_cookie.token_of(request)
        give_code(actor=actor_of(request), account=account, code=form.cleaned_data["code"], device=device)
    except (SecondFactorRefused, TooManyRequests) as error:
        form.add_error("code", ValidationError(sentence(error), code=error.code))
    return not form.errors


def signed_in(request: HttpRequest, account: Account, page: str) -> HttpResponseRedirect:
    """Sign a member of staff in who gave both factors; a password that is too old is replaced first."""
    pending.end(session_of(request))
    if must_be_replaced(account):
        pending.begin(session_of(request), account, owes=pending.Owes.NEW_PASSWORD)
        return redirect(with_next(reverse("accounts:replace-weak-password"), page))
    sign_in(request, account, methods=_BOTH)
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
        messages.success(request, _("密码已设置。请用新密码和动态验证码登录。"))
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
    context = {"heading": _("绑定新的动态验证码"), "form": form, "submit_label": _("下一步")}
    return render(request, "accounts/staff_window.html", context)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """绑定动态验证码: take the secret into an app and prove it with a code."""
    half = pending.find(session_of(request))
    if half is None or half.invitation is None:
        return redirect("accounts:log-in-staff")
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    try:
        if form.is_valid() and _confirm(request, form, half.invitation):
            return signed_in(request, half.account, "")
        secret = begin_enrolment(account=half.account).secret.reveal(Purpose.SHOW_OWNER)
    except InvitationSpent:
        return _spent(request)
    address = totp.address(secret, login_name=half.account.login_name, issuer=settings.SITE_NAME)
    context = {
        "heading": _("绑定动态验证码"),
        "form": form,
        "submit_label": _("确认并登录"),
        "secret": secret,
        "address": address,
        "picture": _picture(address),
    }
    return render(request, "accounts/enrol_factor.html", context)


def _confirm(request: HttpRequest, form: SecondFactorForm, invitation: Invitation) -> bool:
    try:
        confirm_enrolment(actor=actor_of(request), invitation=invitation, code=form.cleaned_data["code"])
    except (SecondFactorRefused, TooManyRequests) as error:
        form.add_error("code", ValidationError(sentence(error), code=error.code))
    return not form.errors


def _picture(address: str) -> SafeString:
    """Return the QR code as SVG: made of squares by the library, nothing of it is typed by anybody."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(border=4, light="#fff", omitsize=True, svgclass="qr", title=_("二维码：动态验证码的密钥"))
    return SafeString(drawn)


def _spent(request: HttpRequest) -> HttpResponse:
    """Say that the link works no more."""
    return render(request, "accounts/invitation_spent.html", {"heading": _("链接已失效")}, status=410)
