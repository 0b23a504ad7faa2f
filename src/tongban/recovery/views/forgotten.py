"""忘记密码: the ways back in, for natural persons and for units."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.web.doors import anyone


@anyone
@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """忘记密码."""
    return render(request, "recovery/forgotten.html", {"heading": _("忘记密码")})
