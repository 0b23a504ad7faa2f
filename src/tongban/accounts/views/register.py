"""用户注册: the choice, the two forms, and what is possible for children."""

from django.contrib import messages
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.accounts.callers import actor_of
from tongban.accounts.codes import judge_code, refuse, send_code
from tongban.accounts.errors import LoginNameRefused, UnitTaken
from tongban.accounts.flows.register_legal import UnitClaim, register_legal
from tongban.accounts.flows.register_natural import register_natural
from tongban.accounts.forms import SEND_CODE, RegisterLegalForm, RegisterNaturalForm
from tongban.accounts.rules import Realm
from tongban.accounts.sentences import sentence
from tongban.accounts.views.log_in import to_window
from tongban.challenge.errors import CodeRejected
from tongban.challenge.flows.check_code import CheckedCode
from tongban.challenge.rules import CodePurpose
from tongban.design import menus
from tongban.web.doors import anyone
from tongban.web.next_page import next_page, with_next

LEGAL_APPEAL = "recovery:appeal-legal"
"""单位法人用户申诉找回密码; the way is shown once it exists."""


@anyone
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Choose 自然人注册 or 单位用户（法人）注册."""
    page = next_page(request)
    context = {
        "heading": _("用户注册"),
        "natural_url": with_next(reverse("accounts:register-natural"), page),
        "legal_url": with_next(reverse("accounts:register-legal"), page),
        "log_in_url": with_next(reverse("accounts:log-in"), page),
    }
    return render(request, "accounts/choose_registration.html", context)


@anyone
@require_safe
def under_14(request: HttpRequest) -> HttpResponse:
    """Say what is possible for children: their data may be handled with a guardian's consent only (PIPL 31)."""
    return render(request, "accounts/under_14.html", {"heading": _("未满 14 周岁怎么办")})


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def natural(request: HttpRequest) -> HttpResponse:
    """自然人注册."""
    form = RegisterNaturalForm(request.POST if request.method == "POST" else None)
    if _is_final(request, form) and _register_natural(request, form):
        return _registered(request, Realm.NATURAL)
    context = {"heading": _("自然人注册"), "form": form, "submit_label": _("注册账号"), "next": next_page(request)}
    return render(request, "accounts/register.html", context)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def legal(request: HttpRequest) -> HttpResponse:
    """单位用户（法人）注册."""
    form = RegisterLegalForm(request.POST if request.method == "POST" else None)
    if _is_final(request, form) and _register_legal(request, form):
        return _registered(request, Realm.LEGAL)
    context = {
        "heading": _("单位用户（法人）注册"),
        "form": form,
        "submit_label": _("注册账号"),
        "next": next_page(request),
        "appeal_url": _appeal_url(form),
    }
    return render(request, "accounts/register.html", context)


def _is_final(request: HttpRequest, form: RegisterNaturalForm | RegisterLegalForm) -> bool:
    """Do the act that a button other than the last asks for; return whether the whole form is there to be judged."""
    if not form.is_valid():
        return False
    if form.act == SEND_CODE:
        phone = form.cleaned_data["phone"]
        send_code(request, form, purpose=CodePurpose.REGISTER, phone=phone, blame="phone")
    return not form.act


def _code(request: HttpRequest, form: RegisterNaturalForm | RegisterLegalForm) -> CheckedCode | None:
    return judge_code(request, form, purpose=CodePurpose.REGISTER, phone=form.cleaned_data["phone"])


def _register_natural(request: HttpRequest, form: RegisterNaturalForm) -> bool:
    typed = form.cleaned_data
    code = _code(request, form)
    if code is None:
        return False
    try:
        register_natural(
            actor=actor_of(request),
            login_name=typed["login_name"],
            password=typed["password"],
            phone=typed["phone"],
            code=code,
        )
    except LoginNameRefused as error:
        form.add_error("login_name", ValidationError(sentence(error), code=error.code))
    except CodeRejected as error:
        refuse(form, "code", error)
    return not form.errors


def _register_legal(request: HttpRequest, form: RegisterLegalForm) -> bool:
    typed = form.cleaned_data
    code = _code(request, form)
    if code is None:
        return False
    try:
        register_legal(
            actor=actor_of(request),
            login_name=typed["login_name"],
            password=typed["password"],
            unit=UnitClaim(typed["unit_name"], typed["uscc"], typed["unit_type"], typed["contact_name"]),
            phone=typed["phone"],
            code=code,
        )
    except UnitTaken as error:
        form.add_error(error.field, ValidationError(_unit_taken(), code=error.code))
    except LoginNameRefused as error:
        form.add_error("login_name", ValidationError(sentence(error), code=error.code))
    except CodeRejected as error:
        refuse(form, "code", error)
    return not form.errors


def _unit_taken() -> str:
    """Say that the unit has an account, and what to do about it."""
    if menus.address(LEGAL_APPEAL):
        return _("单位名称已被注册。请先在单位内部查询谁保管账号；查不到的，请办理“单位法人用户申诉找回密码”。")
    return _("单位名称已被注册。请先在单位内部查询谁保管账号；查不到的，请拨打技术咨询电话。")


def _appeal_url(form: RegisterLegalForm) -> str:
    """Return where to appeal when the unit has an account already."""
    taken = any(form.has_error(field, UnitTaken.code) for field in ("unit_name", "uscc"))
    return menus.address(LEGAL_APPEAL) if taken else ""


def _registered(request: HttpRequest, realm: Realm) -> HttpResponse:
    """Lead to the log-in window: whoever registers is not signed in by that."""
    messages.success(request, _("注册成功。请用刚才的登录名和密码登录。"))
    return to_window(realm, next_page(request))
