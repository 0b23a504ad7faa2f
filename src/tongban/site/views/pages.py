"""What the operator must tell everybody: terms, privacy notice, accessibility statement."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tongban.web.doors import anyone


@anyone
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """Show the terms of use."""
    context = {"heading": _("用户服务协议"), "version": settings.CONSENT_VERSION}
    return render(request, "site/terms.html", context)


@anyone
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the privacy notice (PIPL art. 17, 30)."""
    context = {"heading": _("个人信息保护告知书"), "version": settings.CONSENT_VERSION}
    return render(request, "site/privacy.html", context)


@anyone
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show what is done so that everybody can use the site, and whom to tell where it fails."""
    return render(request, "site/accessibility.html", {"heading": _("无障碍声明")})
