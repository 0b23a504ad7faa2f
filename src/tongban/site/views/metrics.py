"""What Prometheus asks."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from tongban.site import measuring
from tongban.web.doors import machine


@machine("the bearer token of the setting METRICS_TOKEN; without one there is no such page")
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the numbers of all processes of this machine."""
    expected, given = f"Bearer {settings.METRICS_TOKEN}", request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(expected.encode(), given.encode()):
        raise Http404
    return HttpResponse(measuring.page(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
