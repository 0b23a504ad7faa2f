"""The authorization endpoint: from a business system's request to its answer, past the pages a person must see."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from tongban.accounts.flows.log_out import log_out
from tongban.audit.actors import Actor
from tongban.kernel import clock
from tongban.sso.flows.enter_service import Admitted, Refused, ways_in
from tongban.sso.flows.give_consent import give_consent, refuse_consent
from tongban.sso.flows.sign_on import AskConsent, Choose, Next, Presence, Step, Wish, issue_code, next_step
from tongban.sso.protocols.oidc import authorization_answer, authorization_request
from tongban.sso.protocols.oidc.authorization_request import AuthorizationRequest
from tongban.sso.protocols.oidc.errors import AuthorizationError, NotRedirectable, ProtocolError
from tongban.sso.protocols.oidc.id_token import read_hint
from tongban.sso.protocols.oidc.wire import parameters
from tongban.sso.rules import SEPARATE_CONSENT, NotAdmitted, window_realm
from tongban.sso.views import acting, reauthentication
from tongban.sso.views.choice_page import choice_page
from tongban.sso.views.consent_page import consent_page
from tongban.sso.views.here import SeeOther, posted, presence, query_of
from tongban.sso.views.refusal_page import refusal_page
from tongban.web.doors import anyone, interrupted, window
from tongban.web.next_page import with_next

_NEVER_FRESH: Final = datetime.max.replace(tzinfo=UTC)
_TOLD_SILENTLY = {
    NotAdmitted.NO_RIGHT: ("access_denied", "the account may not enter this client"),
    NotAdmitted.NOT_VERIFIED: ("interaction_required", "the account is not verified"),
    NotAdmitted.ASSURANCE_TOO_LOW: ("interaction_required", "the assurance of the account is too low"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request at the endpoint: what was asked, by which query, and who is at the browser."""

    request: HttpRequest
    query: str
    asked: AuthorizationRequest
    who: Presence | None

    @property
    def wish(self) -> Wish:
        """What the flows need to know."""
        asked = self.asked
        hint = read_hint(asked.id_token_hint) if asked.id_token_hint else None
        return Wish(
            client=asked.to.client,
            redirect_uri=asked.to.redirect_uri,
            scopes=asked.scopes,
            code_challenge=asked.code_challenge,
            nonce=asked.nonce,
            fresh_since=self._fresh_since(),
            subject=hint.subject if hint else "",
            ask_again="consent" in asked.prompts,
            choice=acting.chosen(self.query, self.who.account) if self.who else "",
        )

    def _fresh_since(self) -> datetime | None:
        """Return the moment after which the person must have logged in, if the client insists."""
        insists = self.asked.prompts & {"login", "select_account"} or self.asked.max_age is not None
        mark = self.request.GET.get(reauthentication.PARAMETER, "")
        if insists and mark and (at := reauthentication.asked_at(self.query, mark)):
            return at
        if self.asked.prompts & {"login", "select_account"}:
            return _NEVER_FRESH
        return None if self.asked.max_age is None else clock.now() - timedelta(seconds=self.asked.max_age)


@csrf_exempt
@anyone
def authorize(request: HttpRequest) -> HttpResponseBase:
    """Answer an authorization request (OpenID Connect Core 1.0 §3.1.2.1: by GET, and by POST).

    A POST comes from another site, so the browser sends no cookies with it: it is led back here by GET.
    """
    if request.method == "POST":
        return SeeOther(f"{reverse('sso:authorize')}?{posted(request)}")
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET", "POST"])
    return interrupted(request) or _visit(request, _proceed)


@require_POST
@anyone
def consent(request: HttpRequest) -> HttpResponse:
    """Take the person's decision. Everything is checked again: the page may be old, and was never to be believed."""
    return _visit(request, _decide)


@require_POST
@anyone
def log_in_again(request: HttpRequest) -> HttpResponse:
    """End this session because the client insists on a fresh log-in and the person agreed; lead to the window."""
    return _visit(request, _log_in_again)


@require_http_methods(["GET", "HEAD", "POST"])
@anyone
def act_as(request: HttpRequest) -> HttpResponse:
    """Let the person say as whom they enter this once; where there is nothing to choose, go on."""
    return _visit(request, _choose)


def _visit(request: HttpRequest, act: Callable[[Visit], HttpResponse]) -> HttpResponse:
    """Read the request and let `act` answer it; refuse what breaks the rules, by redirect where that is safe."""
    query = query_of(request)
    try:
        found = parameters(query)
        to = authorization_request.find_destination(found)
    except ProtocolError as error:
        return _broken(request, error)
    try:
        asked = authorization_request.read(found, to)
        return act(Visit(request, query, asked, presence(request)))
    except AuthorizationError as error:
        return SeeOther(authorization_answer.with_error(to, error))


def _broken(request: HttpRequest, error: ProtocolError) -> HttpResponse:
    context = {
        "heading": _("这个登录请求有误"),
        "problem": error.description,
        "unsafe": isinstance(error, NotRedirectable),
    }
    return render(request, "sso/broken_request.html", context, status=400)


def _proceed(visit: Visit) -> HttpResponse:
    wish = visit.wish
    step = next_step(presence=visit.who, wish=wish)
    if isinstance(step, Admitted) and visit.who:
        code = issue_code(presence=visit.who, wish=wish, admitted=step)
        return SeeOther(authorization_answer.with_code(visit.asked.to, code))
    if visit.asked.silent:
        raise _silent_refusal(step)
    if isinstance(step, Refused):
        denied = AuthorizationError("access_denied", "the account may not enter this client")
        back = authorization_answer.with_error(visit.asked.to, denied)
        return refusal_page(visit.request, step, client=wish.client, back=back)
    if isinstance(step, AskConsent) and visit.who:
        return consent_page(visit.request, wish=wish, who=visit.who, way=step.way, query=visit.query)
    if isinstance(step, Choose):
        return choice_page(visit.request, client=wish.client, ways=step.ways, query=visit.query, gone=bool(wish.choice))
    if step is Step.LOG_IN_AGAIN:
        return _ask_to_log_in_again(visit)
    return _to_window(visit)


def _silent_refusal(step: Next) -> AuthorizationError:
    """Return what a client is told that allowed no page (OpenID Connect Core 1.0 §3.1.2.6)."""
    if isinstance(step, Refused):
        return AuthorizationError(*_TOLD_SILENTLY[step.reason])
    if isinstance(step, Choose):
        return AuthorizationError("account_selection_required", "the person must say as whom they enter")
    if isinstance(step, AskConsent):
        return AuthorizationError("consent_required", "the person has not agreed to this yet")
    return AuthorizationError("login_required", "the person must log in")


def _to_window(visit: Visit) -> HttpResponse:
    """Lead to the log-in window and back here; who was asked for a fresh log-in has thereby been asked."""
    query = reauthentication.unmarked(visit.query)
    back = f"{reverse('sso:authorize')}?{reauthentication.marked(query) if visit.wish.fresh_since else query}"
    return SeeOther(with_next(window(window_realm(visit.asked.to.client.audience)), back))


def _ask_to_log_in_again(visit: Visit) -> HttpResponse:
    query = reauthentication.unmarked(visit.query)
    denied = AuthorizationError("access_denied", "the person did not want to log in again")
    context = {
        "heading": _("请重新登录"),
        "client": visit.asked.to.client,
        "action": f"{reverse('sso:log-in-again')}?{query}",
        "submit_label": _("重新登录"),
        "cancel_url": authorization_answer.with_error(visit.asked.to, denied),
        "cancel_label": _("返回业务系统"),
    }
    return render(visit.request, "sso/log_in_again.html", context)


def _log_in_again(visit: Visit) -> HttpResponse:
    if visit.who:
        account = visit.who.account
        actor = Actor.account(account.realm, account.id)
        log_out(actor=actor, account_id=account.id, session_id=visit.who.session_id)
        visit.request.session.flush()
    return _to_window(visit)


def _choose(visit: Visit) -> HttpResponse:
    """Take the choice along to this sign-on and no other; whether it may be made is looked at there."""
    query = acting.unmarked(visit.query)
    if visit.who is None:
        return SeeOther(f"{reverse('sso:authorize')}?{query}")
    if visit.request.method == "POST":
        choice = visit.request.POST.get("as", "")
        return SeeOther(f"{reverse('sso:authorize')}?{acting.marked(query, visit.who.account, choice)}")
    ways = ways_in(account=visit.who.account, client=visit.asked.to.client)
    if isinstance(ways, Refused):
        return _proceed(visit)
    return choice_page(visit.request, client=visit.asked.to.client, ways=ways, query=query)


def _decide(visit: Visit) -> HttpResponse:
    """Give or refuse consent to what was asked; what needs a separate consent counts only where it was ticked."""
    step = next_step(presence=visit.who, wish=visit.wish, consented=True)
    if not isinstance(step, Admitted) or visit.who is None:
        return _proceed(visit)
    account, client = visit.who.account, visit.asked.to.client
    if visit.request.POST.get("act") != "allow":
        refuse_consent(account=account, client=client, scopes=visit.asked.scopes)
        raise AuthorizationError("access_denied", "the person did not agree")
    ticked = set(visit.request.POST.getlist("separate"))
    agreed = frozenset(scope for scope in visit.asked.scopes if scope not in SEPARATE_CONSENT or scope in ticked)
    give_consent(account=account, client=client, scopes=agreed, uscc=step.uscc)
    code = issue_code(presence=visit.who, wish=replace(visit.wish, scopes=agreed), admitted=step)
    return SeeOther(authorization_answer.with_code(visit.asked.to, code))
