"""公告."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongban.site import queries
from tongban.site.errors import NoticeNotFound
from tongban.web.doors import anyone

_PER_PAGE = 15


@anyone
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show the notices, newest first, by pages."""
    page = Paginator(queries.published(), _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "site/notices.html", {"heading": _("通知公告"), "page": page})


@anyone
@require_safe
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one notice."""
    try:
        found = queries.notice(slug)
    except NoticeNotFound as error:
        raise Http404(error.code) from None
    return render(request, "site/notice.html", {"heading": found.said.title, "notice": found})
