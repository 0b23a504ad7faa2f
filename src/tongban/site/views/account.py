"""在线办事 and 我的办件."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongban.accounts.rules import Realm
from tongban.catalogue import queries as catalogue
from tongban.catalogue.rules import Audience
from tongban.notify.queries import messages_for
from tongban.proofing import presenting
from tongban.proofing import queries as proofing
from tongban.proofing.models import Verification
from tongban.site.account import owner
from tongban.web.doors import signed_in

_MESSAGES_ON_DESK = 3
_CASES_ON_DESK = 3
_CASES_PER_PAGE = 15
_AUDIENCES = {Realm.NATURAL: Audience.NATURAL, Realm.LEGAL: Audience.LEGAL}


@dataclass(frozen=True, slots=True)
class Case:
    """A verification as its owner sees it among their cases."""

    id: UUID
    number: str
    title: Promise
    submitted_at: datetime
    decided_at: datetime | None
    badge: presenting.Badge


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a case's history."""

    at: datetime
    title: Promise | str
    text: Promise | str = ""


@signed_in()
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """在线办事: where the account stands, what it can do next, what it may enter."""
    person = owner(request)
    status = proofing.status(person)
    audience = _AUDIENCES.get(Realm(person.realm))
    context = {
        "heading": _("在线办事"),
        "account": person,
        "is_legal": person.realm == Realm.LEGAL,
        "status": status,
        "badge": presenting.badge(status),
        "services": catalogue.services_for(audience).exclude(client_id="") if audience else [],
        "cases": [_case(row) for row in proofing.history(person)[:_CASES_ON_DESK]],
        "latest_messages": messages_for(person.id).object_list[:_MESSAGES_ON_DESK],
    }
    return render(request, "site/account.html", context)


@signed_in()
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """我的办件: what the account has submitted, newest first."""
    page = Paginator(proofing.history(owner(request)), _CASES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"heading": _("我的办件"), "page": page, "cases": [_case(row) for row in page.object_list]}
    return render(request, "site/cases.html", context)


@signed_in()
@require_safe
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: its number, its state, its history."""
    row = proofing.history(owner(request)).filter(id=case_id).first()
    if row is None:
        raise Http404
    found = _case(row)
    return render(request, "site/case.html", {"heading": found.title, "case": found, "history": _history(row, found)})


def _case(row: Verification) -> Case:
    day = row.submitted_at.strftime("%Y%m%d")
    return Case(
        id=row.id,
        number=f"{day}-{row.id.hex[-8:].upper()}",
        title=_("实名认证"),
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        badge=presenting.result_badge(row),
    )


def _history(row: Verification, found: Case) -> list[Happened]:
    """Return what happened, newest first."""
    events = [Happened(row.submitted_at, _("提交"), _("您提交了实名认证信息。"))]
    if row.decided_at is None and row.asks > 1:
        events.append(
            Happened(row.submitted_at, _("等待核验"), _("核验服务暂时没有答复，系统会自动重试，不需要重复提交。"))
        )
    if row.decided_at is not None:
        events.append(Happened(row.decided_at, found.badge.text))
    return events[::-1]
