"""The second factor of staff: asked for, asked for once more, and managed under 账号安全."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.accounts import device_cookie, fresh, passkey_challenges, queries
from tongban.accounts.callers import account_of
from tongban.accounts.errors import AccountsError, AlreadyEnrolled, LastFactor, SecondFactorRefused
from tongban.accounts.flows.add_passkey import add_passkey, remove_passkey
from tongban.accounts.flows.enrol_factor import add_app, begin_enrolment
from tongban.accounts.flows.redeem_factor import AppCode, Proof, confirm_factor
from tongban.accounts.flows.redeem_passkey import PasskeyAnswer
from tongban.accounts.forms import NewPasskeyForm, SecondFactorForm
from tongban.accounts.models import Account
from tongban.accounts.qr import picture
from tongban.accounts.rules import Realm, devices, passkeys, totp
from tongban.accounts.rules.passkeys import Known, PasskeyUse, Site
from tongban.accounts.sentences import sentence
from tongban.challenge.errors import ChallengeError, TooManyRequests
from tongban.design.forms import Form
from tongban.design.wording import listed
from tongban.vault.purposes import Purpose
from tongban.web.browser import browser_id
from tongban.web.doors import signed_in
from tongban.web.next_page import next_page


def site_of(request: HttpRequest) -> Site:
    """Return where the browser is: Django has held the host against the list of ours."""
    host, address = request.get_host(), urlsplit(settings.ADDRESS)
    scheme = address.scheme if host == address.netloc else request.scheme
    return Site(urlsplit(f"//{host}").hostname or "", f"{scheme}://{host}")


def form_of(request: HttpRequest, account: Account) -> SecondFactorForm:
    """Return the form that asks `account`; who is not asked for a code has not filled it in without a passkey."""
    asks = _asks_code(account) or "passkey" in request.POST
    return SecondFactorForm(request.POST if request.method == "POST" and asks else None)


def proof(request: HttpRequest, form: SecondFactorForm, use: PasskeyUse) -> Proof:
    """Return what the form proves its person with: a passkey's answer, or a code."""
    if form.passkey:
        return PasskeyAnswer(use, site_of(request), browser_id(request), form.passkey)
    return AppCode(form.cleaned_data["code"], device_cookie.token_of(request))


def accepted(form: SecondFactorForm, act: Callable[[], object]) -> bool:
    """Do `act`, which redeems the proof, and return whether it counted; the form says why not."""
    try:
        act()
    except (SecondFactorRefused, TooManyRequests) as error:
        refuse(form, None if form.passkey else "code", error)
    return not form.errors


def refuse(form: Form, field: str | None, error: AccountsError | ChallengeError) -> None:
    """Say in the form what `error` means."""
    form.add_error(field, ValidationError(sentence(error), code=error.code))


def ways(request: HttpRequest, account: Account, use: PasskeyUse) -> dict[str, Any]:
    """Return what a page needs that asks `account` for its second factor."""
    site, known = site_of(request), list(queries.passkeys(account))
    usable = [Known(one.credential_id, one.transports) for one in known if one.host == site.host]
    challenge = passkey_challenges.make(use, account.id, browser_id(request))
    return {
        "passkey_options": passkeys.to_use(site, challenge=challenge, known=usable) if usable else "",
        "passkey_hosts": "" if usable else listed(sorted({one.host for one in known})),
        "has_app": queries.confirmed_totp(account) is not None,
        "asks_code": _asks_code(account),
    }


def _asks_code(account: Account) -> bool:
    """Return whether to ask for a code: who has no second factor at all sees what others see, and no code counts."""
    return queries.confirmed_totp(account) is not None or not queries.passkeys(account).exists()


def to_make(request: HttpRequest, account: Account) -> str:
    """Return what the browser is told to make a passkey for `account`; "" where browsers make none."""
    site = site_of(request)
    if not site.can_have_passkeys:
        return ""
    return passkeys.to_make(
        site,
        name=settings.SITE_NAME,
        handle=account.id.bytes,
        login_name=account.login_name,
        challenge=passkey_challenges.make(PasskeyUse.ENROL, account.id, browser_id(request)),
        known=[Known(one.credential_id, one.transports) for one in queries.passkeys(account)],
    )


def made(request: HttpRequest, form: NewPasskeyForm) -> PasskeyAnswer:
    """Return the browser's answer from a valid form."""
    return PasskeyAnswer(PasskeyUse.ENROL, site_of(request), browser_id(request), form.cleaned_data["passkey"])


def new_passkey_form(request: HttpRequest) -> NewPasskeyForm:
    """Return the form, filled in or with the device as a first name."""
    name = devices.describe(request.headers.get("User-Agent", ""))
    return NewPasskeyForm(request.POST if request.method == "POST" else None, initial={"name": name})


@signed_in(realm=Realm.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """确认是您本人: the second factor once more, before something that weighs much."""
    account, page = account_of(request), next_page(request)
    form = form_of(request, account)
    if form.is_valid():
        given = proof(request, form, PasskeyUse.CONFIRM)
        if accepted(form, lambda: confirm_factor(account=account, proof=given)):
            fresh.note(request)
            return redirect(page or reverse("accounts:security"))
    context = {
        "heading": _("确认是您本人"),
        "form": form,
        "submit_label": _("继续"),
        "passkey_label": _("用通行密钥确认"),
        "next": page,
        "why": _("接下来的操作比较重要。请再次验证，防止别人在您离开时使用这台电脑。"),
        **ways(request, account, PasskeyUse.CONFIRM),
    }
    return render(request, "accounts/second_factor.html", context)


@signed_in(realm=Realm.STAFF)
@fresh.fresh_factor
@require_http_methods(["GET", "HEAD", "POST"])
def new_passkey(request: HttpRequest) -> HttpResponse:
    """添加通行密钥."""
    account, form = account_of(request), new_passkey_form(request)
    if form.is_valid():
        try:
            add_passkey(account=account, answer=made(request, form), name=form.cleaned_data["name"])
        except AccountsError as error:
            refuse(form, None, error)
        else:
            messages.success(request, _("已添加通行密钥。下次登录时可以用它。"))
            return redirect("accounts:security")
    context = {
        "heading": _("添加通行密钥"),
        "form": form,
        "submit_label": _("创建通行密钥"),
        "passkey_options": to_make(request, account),
        "back_url": reverse("accounts:security"),
        "back_label": _("返回账号安全"),
    }
    return render(request, "accounts/new_passkey.html", context)


@signed_in(realm=Realm.STAFF)
@fresh.fresh_factor
@require_http_methods(["GET", "HEAD", "POST"])
def drop_passkey(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    """移除通行密钥, after asking."""
    account = account_of(request)
    passkey = get_object_or_404(queries.passkeys(account), id=passkey_id)
    if request.method == "POST":
        try:
            remove_passkey(account=account, passkey_id=passkey_id)
        except LastFactor as error:
            messages.error(request, sentence(error))
        else:
            messages.success(request, _("已移除通行密钥，它不能再用来登录。"))
        return redirect("accounts:security")
    context = {
        "heading": _("移除通行密钥"),
        "passkey": passkey,
        "submit_label": _("移除"),
        "cancel_url": reverse("accounts:security"),
        "cancel_label": _("不移除"),
    }
    return render(request, "accounts/remove_passkey.html", context)


@signed_in(realm=Realm.STAFF)
@fresh.fresh_factor
@require_http_methods(["GET", "HEAD", "POST"])
def new_app(request: HttpRequest) -> HttpResponse:
    """绑定动态验证码, beside the passkey one has."""
    account = account_of(request)
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    try:
        if form.is_valid() and accepted(form, lambda: add_app(account=account, code=form.cleaned_data["code"])):
            messages.success(request, _("已绑定动态验证码。下次登录时可以用它。"))
            return redirect("accounts:security")
        context = app_page(account, form)
    except AlreadyEnrolled:
        return redirect("accounts:security")
    return render(request, "accounts/enrol_factor.html", {**context, "submit_label": _("确认")})


def app_page(account: Account, form: SecondFactorForm) -> dict[str, Any]:
    """Return what the page shows on which an app takes in its secret; raises `AlreadyEnrolled`."""
    secret = begin_enrolment(account=account).secret.reveal(Purpose.SHOW_OWNER)
    address = totp.address(secret, login_name=account.login_name, issuer=settings.SITE_NAME)
    return {
        "heading": _("绑定动态验证码"),
        "form": form,
        "secret": secret,
        "address": address,
        "picture": picture(address),
    }
