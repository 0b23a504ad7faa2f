"""Pages for when something cannot be done. Each says what happened, what is safe, and what to do now.

Django finds the handlers by name (root urls, CSRF_FAILURE_VIEW); the others are drawn by the middleware.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongban.audit import context as audit_context
from tongban.design import context as design
from tongban.kernel import clock


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request is not one this site's pages make."""
    return _plain(request, "site/errors/400.html", _("请求有误"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: this account may not."""
    return render(request, "site/errors/403.html", {"heading": _("您不能打开这个页面")}, status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's CSRF token is missing or old."""
    return render(request, "site/errors/form_expired.html", {"heading": _("页面已过期")}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such page."""
    return render(request, "site/errors/404.html", {"heading": _("找不到这个页面")}, status=404)


def not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """405: the page exists but cannot be used this way; `response` names the ways."""
    page = render(request, "site/errors/405.html", {"heading": _("不能这样打开这个页面")}, status=405)
    page.headers["Allow"] = response.headers["Allow"]
    return page


def too_many_requests(request: HttpRequest, *, retry_at: datetime) -> HttpResponse:
    """429: a limit is reached until `retry_at`."""
    context = {"heading": _("操作过于频繁"), "retry_at": retry_at}
    page = render(request, "site/errors/429.html", context, status=429)
    page.headers["Retry-After"] = str(max(1, round((retry_at - clock.now()).total_seconds())))
    return page


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return _plain(request, "site/errors/500.html", _("系统出错了"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer."""
    page = _plain(request, "site/errors/503.html", _("服务暂时不可用"), status=503)
    page.headers["Retry-After"] = "60"
    return page


def _plain(request: HttpRequest, template: str, heading: Promise, *, status: int) -> HttpResponse:
    """Render without the session, the account and the database, any of which may be what failed."""
    context = {
        **design.page(request),
        "csrf_token": get_token(request),
        "heading": heading,
        "request_id": audit_context.current().request_id,
    }
    return _final(HttpResponse(render_to_string(template, context), status=status))


def _final(page: HttpResponse) -> HttpResponse:
    page.headers["Cache-Control"] = "no-store"
    return page
