"""用户登录 and the log-in windows."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.contrib import auth
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.accounts import backend, blocked, device_cookie, hints, languages, pending, tally
from tongban.accounts.callers import account_of, actor_of, session_of
from tongban.accounts.errors import AccountSuspended, HumanCheckNeeded, LogInRefused
from tongban.accounts.flows.log_in import log_in
from tongban.accounts.flows.prove_password import HumanAnswer, PasswordAttempt
from tongban.accounts.forms import LogInForm
from tongban.accounts.models import Account
from tongban.accounts.password_policy import must_be_replaced
from tongban.accounts.rules import Realm
from tongban.accounts.sentences import sentence
from tongban.accounts.sessions import METHODS
from tongban.accounts.views.log_out import leave
from tongban.challenge.errors import HumanCheckFailed
from tongban.design import menus
from tongban.design.kept_pages import kept
from tongban.vault.purposes import Purpose
from tongban.web.address import network
from tongban.web.browser import browser_id
from tongban.web.doors import anyone
from tongban.web.next_page import next_page, with_next

WINDOWS = {Realm.NATURAL: "accounts:log-in-natural", Realm.LEGAL: "accounts:log-in-legal"}
FORGOTTEN = "recovery:forgotten"
"""The page 忘记密码; its advice is given once it exists."""
OBJECTION = "recovery:object"
"""The page on which people object to a suspension."""


@anyone
@require_safe
def choose_window(request: HttpRequest) -> HttpResponse:
    """用户登录: choose 自然人登录 or 法人登录."""
    page = next_page(request)
    context = {"heading": _("用户登录"), **_links(page)}
    return render(request, "accounts/choose_window.html", context)


@anyone
@require_http_methods(["GET", "HEAD", "POST"])
def window(request: HttpRequest, realm: Realm) -> HttpResponse:
    """自然人登录 and 法人登录."""
    page = next_page(request)
    if request.method == "POST":
        form = LogInForm(request.POST)
        try:
            account = try_password(request, form, realm, log_in)
        except AccountSuspended as error:
            return to_explanation(request, error)
        if account and must_be_replaced(account):
            pending.begin(session_of(request), account, owes=pending.Owes.NEW_PASSWORD)
            return redirect(with_next(reverse("accounts:replace-weak-password"), page))
        if account:
            return signed_in(request, account, page)
    elif request.user.is_authenticated and account_of(request).realm == realm:
        return HttpResponseRedirect(page or settings.LOGIN_REDIRECT_URL)
    else:
        known = hints.login_name(realm, request.GET.get(hints.PARAMETER, ""))
        asks_human = tally.network_needs_human_check(network(request))
        if not (known or asks_human):
            return _untouched_window(request, realm)
        form = LogInForm(initial={"login_name": known}, asks_human=asks_human)
    return _draw_window(request, realm, form)


@kept(60)
def _untouched_window(request: HttpRequest, realm: Realm) -> HttpResponse:
    return _draw_window(request, realm, LogInForm())


def _draw_window(request: HttpRequest, realm: Realm, form: LogInForm) -> HttpResponse:
    links = _links(next_page(request))
    context = {"heading": _HEADINGS[realm](), "form": form, "submit_label": _("登录"), "realm": realm, **links}
    return render(request, "accounts/window.html", context)


def signed_in(request: HttpRequest, account: Account, page: str) -> HttpResponse:
    """Sign the owner of a citizen's or a unit's account in, and lead to `page`."""
    sign_in(request, account, methods=["pwd"])
    answer = HttpResponseRedirect(page or settings.LOGIN_REDIRECT_URL)
    device_cookie.recognise(request, answer, account)
    languages.agree(request, answer, account)
    return answer


_HEADINGS = {Realm.NATURAL: lambda: _("自然人登录"), Realm.LEGAL: lambda: _("法人登录")}


def try_password(request: HttpRequest, form: LogInForm, realm: Realm, prove: Callable[..., Account]) -> Account | None:
    """Return the account that the form opens; otherwise say in the form that it does not. `prove` is the flow.

    Raises `AccountSuspended`.
    """
    if not form.is_valid() or form.act:
        return None
    typed = form.cleaned_data
    answer = typed.get("human_check")
    try:
        return prove(
            actor=actor_of(request),
            attempt=PasswordAttempt(
                realm=realm,
                login_name=typed["login_name"],
                password=typed["password"],
                network=network(request),
                human=HumanAnswer(browser_id(request), answer) if answer else None,
                device=device_cookie.token_of(request),
            ),
        )
    except LogInRefused:
        form.add_error(None, _refusal(realm))
        if tally.needs_human_check(realm=realm, login_name=typed["login_name"], network=network(request)):
            form.ask_human()
    except (HumanCheckNeeded, HumanCheckFailed) as error:
        form.ask_human()
        form.add_error("human_check", ValidationError(sentence(error), code=error.code))
    return None


def to_explanation(request: HttpRequest, error: AccountSuspended) -> HttpResponseRedirect:
    """Lead somebody who knows the password of a suspended account to the page that says why."""
    blocked.begin(session_of(request), error)
    return redirect("accounts:suspended")


@anyone
@require_safe
def suspended(request: HttpRequest) -> HttpResponse:
    """Say why the account may not be used, and how to object."""
    suspension = blocked.find(session_of(request))
    if suspension is None:
        return redirect("accounts:log-in")
    context = {
        "heading": _("账号已暂停使用"),
        "suspension": suspension,
        "reason": suspension.reason.reveal(Purpose.SHOW_OWNER),
        "object_url": menus.address(OBJECTION),
    }
    return render(request, "accounts/suspended.html", context)


def _refusal(realm: Realm) -> str:
    """Return the one sentence for every failure; it leads to 忘记密码."""
    forgotten = "" if realm is Realm.STAFF else menus.address(FORGOTTEN)
    if not forgotten:
        return _("登录名或密码错误。请核对后重新输入；多次失败后请稍候再试。")
    link = format_html('<a href="{}">{}</a>', forgotten, _("忘记密码"))
    sentence = _("登录名或密码错误。请核对后重新输入；记不清密码的，请用“{link}”找回。多次失败后请稍候再试。")
    return format_html(sentence, link=link)


def sign_in(request: HttpRequest, account: Account, *, methods: Sequence[str]) -> None:
    """Give the browser a fresh session of the account; whoever was signed in here leaves first.

    `methods` are what was proved (RFC 8176 values).
    """
    leave(request)
    session_of(request).describe(network=network(request), user_agent=request.headers.get("User-Agent", ""))
    auth.login(request, account, backend=backend.PATH)
    request.session[METHODS] = list(methods)


def _links(page: str) -> dict[str, str]:
    """Return the ways on from here; each keeps in mind where the person wanted to go."""
    return {
        "next": page,
        "natural_url": with_next(reverse(WINDOWS[Realm.NATURAL]), page),
        "legal_url": with_next(reverse(WINDOWS[Realm.LEGAL]), page),
        "register_url": with_next(reverse("accounts:register"), page),
        "forgotten_url": menus.address(FORGOTTEN),
    }


def to_window(realm: Realm, page: str) -> HttpResponseRedirect:
    """Lead to the log-in window of `realm`, keeping `page` in mind."""
    return redirect(with_next(reverse(WINDOWS[realm]), page))
