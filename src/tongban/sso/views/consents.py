"""What I agreed to give to business systems, and how to take it back."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tongban.accounts.models import Account
from tongban.design.wording import listed
from tongban.mandates.queries import unit_names
from tongban.sso import queries
from tongban.sso.errors import ConsentGone
from tongban.sso.flows.give_consent import withdraw_consent
from tongban.sso.models import Grant
from tongban.sso.rules import Scope
from tongban.sso.views.here import SeeOther
from tongban.web.doors import signed_in

_DATA = {
    Scope.OPENID: gettext_lazy("账号标识"),
    Scope.PROFILE: gettext_lazy("账号类型、实名认证等级，自然人的姓名"),
    Scope.UNIT: gettext_lazy("单位名称、统一社会信用代码"),
    Scope.DOCUMENT_NUMBER: gettext_lazy("证件号码"),
}


@require_safe
@signed_in()
def consents(request: HttpRequest) -> HttpResponse:
    """List them."""
    rows = list(queries.live_grants(cast("Account", request.user)))
    units = unit_names(row.uscc for row in rows)
    grants = [(grant, _data(grant), units.get(grant.uscc, grant.uscc)) for grant in rows]
    return render(request, "sso/consents.html", {"heading": _("信息授权记录"), "grants": grants})


@require_POST
@signed_in()
def withdraw(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Take one back."""
    try:
        withdraw_consent(account=cast("Account", request.user), grant_id=grant_id)
    except ConsentGone:
        messages.info(request, _("这项同意已经撤回。"))
    else:
        messages.success(request, _("已撤回。该系统不能再从平台取得您的信息，下次进入时会重新征求您的同意。"))
    return SeeOther(reverse("sso:consents"))


def _data(grant: Grant) -> str:
    granted = grant.scopes.split()
    return listed(_DATA[scope] for scope in Scope if scope in granted)
