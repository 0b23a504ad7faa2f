"""服务事项 and 办事指南. Everybody may read them."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongban.catalogue import queries
from tongban.catalogue.errors import ServiceNotFound
from tongban.catalogue.models import Service
from tongban.catalogue.rules import Audience
from tongban.design import menus
from tongban.web.doors import anyone

_BY_USER = (
    menus.Entry("catalogue:services", _("全部")),
    menus.Entry("catalogue:for-natural", Audience.NATURAL.label),
    menus.Entry("catalogue:for-legal", Audience.LEGAL.label),
)


@anyone
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Show every service."""
    return _list(request, list(queries.offered()), heading=_("服务事项"))


@anyone
@require_safe
def for_natural(request: HttpRequest) -> HttpResponse:
    """Show what natural persons may use."""
    return _list(request, list(queries.services_for(Audience.NATURAL)), heading=_("自然人服务事项"))


@anyone
@require_safe
def for_legal(request: HttpRequest) -> HttpResponse:
    """Show what units may use."""
    return _list(request, list(queries.services_for(Audience.LEGAL)), heading=_("法人单位服务事项"))


@anyone
@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one service: its guide and its entry."""
    try:
        found = queries.service(slug)
    except ServiceNotFound as error:
        raise Http404(error.code) from None
    return render(request, "catalogue/service.html", {"service": found, "heading": found.said.name})


@anyone
@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """Show every guide, by category, in the order in which the categories first appear."""
    rows = list(queries.offered())
    first = {row.category: row.position for row in reversed(rows)}
    ordered = sorted(rows, key=lambda row: (first[row.category], row.position))
    groups = [list(group) for _category, group in groupby(ordered, key=lambda row: row.category)]
    categories = [(group[0].said.category, group) for group in groups]
    return render(request, "catalogue/guides.html", {"categories": categories, "heading": _("办事指南")})


def _list(request: HttpRequest, rows: list[Service], *, heading: Promise) -> HttpResponse:
    context = {
        "heading": heading,
        "by_user": menus.links(_BY_USER, request.path),
        "online": [row for row in rows if row.has_entry],
        "guide_only": [row for row in rows if not row.has_entry],
    }
    return render(request, "catalogue/services.html", context)
