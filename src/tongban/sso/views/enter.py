"""办理入口: from a service of the catalogue into its business system."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from tongban.catalogue.errors import ServiceNotFound
from tongban.catalogue.queries import service as find_service
from tongban.design import display
from tongban.sso.flows.enter_service import Refused, enter_service
from tongban.sso.protocols.oidc.authorization_answer import append
from tongban.sso.rules import NotAdmitted, window_realm
from tongban.sso.views.here import SeeOther, presence
from tongban.sso.views.refusal_page import refusal_page
from tongban.web.doors import anyone, interrupted, window
from tongban.web.next_page import with_next


@require_safe
@anyone
def enter(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Lead the person into the service, to the log-in window, or to the page that says what is missing.

    The business system is asked to begin the sign-on itself (OpenID Connect Core 1.0 §4), so that state, nonce and
    PKCE are its own. Whoever has chosen a language here need not choose it there again.
    """
    try:
        service = find_service(slug)
    except ServiceNotFound as error:
        raise Http404 from error
    if elsewhere := interrupted(request):
        return elsewhere
    who = presence(request)
    decision = enter_service(account=who.account if who else None, service=service)
    if not isinstance(decision, Refused):
        client = decision.client
        target = {"target_link_uri": client.target_link_uri} if client.target_link_uri else {}
        spoken = display.kept_tag(request)
        language = {"ui_locales": spoken} if spoken else {}
        return SeeOther(append(client.initiate_login_uri, {"iss": settings.ADDRESS, **target, **language}))
    if decision.reason is NotAdmitted.NOT_SIGNED_IN:
        return SeeOther(with_next(window(window_realm(service.audience)), request.get_full_path()))
    return refusal_page(request, decision)
