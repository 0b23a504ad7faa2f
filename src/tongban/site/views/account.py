"""在线办事 and 我的办件."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongban.accounts.models import Account
from tongban.accounts.rules import Realm
from tongban.catalogue import queries as catalogue
from tongban.catalogue.models import Service
from tongban.catalogue.rules import Audience
from tongban.mandates import queries as mandates
from tongban.notify.queries import messages_for
from tongban.proofing import presenting
from tongban.proofing import queries as proofing
from tongban.site import my_cases
from tongban.site.account import owner
from tongban.transfer import queries as transfer
from tongban.web.doors import signed_in

_ON_DESK = 3
_CASES_PER_PAGE = 15
_AUDIENCES = {Realm.NATURAL: Audience.NATURAL, Realm.LEGAL: Audience.LEGAL}


@signed_in()
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """在线办事: where the account stands, what it can do next, what it may enter."""
    person = owner(request)
    status = proofing.status(person)
    audience = _AUDIENCES.get(Realm(person.realm))
    open_to_them = catalogue.services_for(audience).exclude(client_id="") if audience else []
    context = {
        "heading": _("在线办事"),
        "is_legal": person.realm == Realm.LEGAL,
        "status": status,
        "badge": presenting.badge(status),
        "services": [*open_to_them, *_by_mandate(person)],
        "cases": my_cases.lines(person)[:_ON_DESK],
        "transfer": transfer.progress_of(person),
        "latest_messages": messages_for(person.id).object_list[:_ON_DESK],
    }
    return render(request, "site/account.html", context)


def _by_mandate(person: Account) -> list[Service]:
    """Return the services that somebody may enter for a unit, not counting those they may enter for themselves."""
    if person.realm != Realm.NATURAL:
        return []
    for_units = mandates.services().filter(audience=Audience.LEGAL)
    allowed = {mandate.service for mandate in mandates.held(person, list(for_units.values_list("slug", flat=True)))}
    return [service for service in for_units if service.slug in allowed]


@signed_in()
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """我的办件: what the account has handed in, newest first."""
    page = Paginator(my_cases.lines(owner(request)), _CASES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "site/cases.html", {"heading": _("我的办件"), "page": page, "cases": page.object_list})


@signed_in()
@require_safe
def verification(request: HttpRequest, verification_id: UUID) -> HttpResponse:
    """One automatic verification: its number, its state, its history. A manual review has its own page."""
    row = proofing.history(owner(request)).filter(id=verification_id).first()
    if row is None:
        raise Http404
    line = my_cases.verification_line(row)
    context = {
        "heading": line.title,
        "line": line,
        "badge": {"kind": line.kind, "text": line.state},
        "decided_at": row.decided_at,
        "history": my_cases.verification_history(row),
    }
    return render(request, "site/verification.html", context)
