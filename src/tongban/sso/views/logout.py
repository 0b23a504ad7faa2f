"""Leaving, on behalf of a business system (OpenID Connect RP-Initiated Logout 1.0)."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tongban.accounts.flows.log_out import log_out as end_session
from tongban.audit.actors import Actor
from tongban.sso import queries
from tongban.sso.flows.sign_on import Presence
from tongban.sso.protocols.oidc import logout_request
from tongban.sso.protocols.oidc.errors import NotRedirectable, ProtocolError
from tongban.sso.protocols.oidc.logout_request import LogoutRequest
from tongban.sso.protocols.oidc.wire import parameters
from tongban.sso.views.here import SeeOther, posted, presence, query_of
from tongban.web.doors import anyone


@csrf_exempt
@anyone
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session at once when a genuine hint names it; else ask the person, for anybody can make a link.

    A POST comes from another site without cookies, so it is led back here by GET.
    """
    if request.method == "POST":
        return SeeOther(f"{reverse('sso:logout')}?{posted(request)}")
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET", "POST"])
    try:
        asked = logout_request.read(parameters(query_of(request)))
    except ProtocolError as error:
        return _broken(request, error)
    who = presence(request)
    if who is None:
        return _left(request, asked)
    if _names_this_session(asked, who):
        _end(request, who)
        return _left(request, asked)
    context = {
        "heading": _("退出登录"),
        "client": asked.client,
        "action": f"{reverse('sso:log-out-confirmed')}?{query_of(request)}",
        "submit_label": _("退出登录"),
        "cancel_url": "/",
        "cancel_label": _("保持登录"),
    }
    return render(request, "sso/log_out.html", context)


@require_POST
@anyone
def log_out_confirmed(request: HttpRequest) -> HttpResponse:
    """End the session: the person said so."""
    try:
        asked = logout_request.read(parameters(query_of(request)))
    except ProtocolError as error:
        return _broken(request, error)
    if who := presence(request):
        _end(request, who)
    return _left(request, asked)


def _names_this_session(asked: LogoutRequest, who: Presence) -> bool:
    """Tell whether the hint was issued for this very account and session."""
    if asked.hint is None or asked.client is None:
        return False
    same_person = asked.hint.subject == queries.subject(asked.client, who.account.id)
    return same_person and asked.hint.session == queries.session_name(asked.client, who.session_id)


def _end(request: HttpRequest, who: Presence) -> None:
    actor = Actor.account(who.account.realm, who.account.id)
    end_session(actor=actor, account_id=who.account.id, session_id=who.session_id)
    request.session.flush()


def _left(request: HttpRequest, asked: LogoutRequest) -> HttpResponse:
    if asked.back_to:
        return SeeOther(asked.back_to)
    return render(request, "sso/logged_out.html", {"heading": _("您已退出登录")})


def _broken(request: HttpRequest, error: ProtocolError) -> HttpResponse:
    context = {
        "heading": _("这个退出请求有误"),
        "problem": error.description,
        "unsafe": isinstance(error, NotRedirectable),
    }
    return render(request, "sso/broken_request.html", context, status=400)
