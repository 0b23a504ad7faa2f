"""帮助中心."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongban.design.menus import Link
from tongban.site import transfer_guide as guide
from tongban.site.help_centre import SECTIONS
from tongban.web.doors import anyone


@anyone
@require_safe
def help_centre(request: HttpRequest) -> HttpResponse:
    """Show all questions and answers, and the hotlines."""
    return render(request, "site/help.html", {"heading": _("帮助中心"), "sections": SECTIONS})


@anyone
@require_safe
def transfer_guide(request: HttpRequest, part: str = "") -> HttpResponse:
    """Show one part of the guide for people whose account was carried over."""
    found = guide.BELOW.get(part) if part else guide.FIRST
    if found is None:
        raise Http404
    pages = [Link(one.url, str(one.title), current="page" if one is found else "") for one in guide.PARTS]
    after = guide.PARTS.index(found) + 1
    context = {"heading": found.title, "part": found, "pages": pages, "next": next(iter(pages[after:]), None)}
    return render(request, "site/transfer_guide.html", context)
