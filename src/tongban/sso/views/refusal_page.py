"""The page that says why somebody may not enter, what is missing, and where to get it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.catalogue.rules import Audience
from tongban.proofing.queries import status
from tongban.sso.flows.enter_service import Refused
from tongban.sso.models import RelyingParty
from tongban.sso.rules import NotAdmitted


def refusal_page(
    request: HttpRequest, refusal: Refused, *, client: RelyingParty | None = None, back: str = ""
) -> HttpResponse:
    """Return the page for `refusal`; `back` leads to the business system it came from, with its answer."""
    named = refusal.service or client
    name: str = named.said.name if named else ""
    account = request.user if isinstance(request.user, Account) else None
    context = {
        "heading": _heading(refusal, name),
        "name": name,
        "refusal": refusal,
        "service": refusal.service,
        "back": back,
        "is_legal": account is not None and account.realm == Realm.LEGAL,
        "is_natural": account is not None and account.realm == Realm.NATURAL,
        "proofing": status(account) if account and refusal.reason is NotAdmitted.NOT_VERIFIED else None,
        "for_units": refusal.audience == Audience.LEGAL,
    }
    return render(request, f"sso/refused_{refusal.reason.value}.html", context, status=403)


def _heading(refusal: Refused, name: str) -> str:
    params = {"name": name}
    match refusal.reason:
        case NotAdmitted.NO_RIGHT if refusal.audience == Audience.LEGAL:
            return _("“%(name)s”面向单位办理") % params
        case NotAdmitted.NO_RIGHT if refusal.audience == Audience.NATURAL:
            return _("“%(name)s”面向自然人办理") % params
        case NotAdmitted.NO_RIGHT:
            return _("这个账号不能办理“%(name)s”") % params
        case NotAdmitted.NOT_VERIFIED:
            return _("办理“%(name)s”前，请先完成实名认证") % params
        case NotAdmitted.ASSURANCE_TOO_LOW:
            return _("办理“%(name)s”需要更高等级的实名认证") % params
        case _:
            return _("“%(name)s”暂时不能在线进入") % params
