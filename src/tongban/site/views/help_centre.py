"""帮助中心."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongban.site.help_centre import SECTIONS
from tongban.web.doors import anyone


@anyone
@require_safe
def help_centre(request: HttpRequest) -> HttpResponse:
    """Show all questions and answers, and the hotlines."""
    return render(request, "site/help.html", {"heading": _("帮助中心"), "sections": SECTIONS})
