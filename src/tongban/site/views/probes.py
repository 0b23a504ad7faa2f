"""What supervisors and load balancers ask."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tongban.web.doors import machine


@machine("a probe: tells nothing but that the process runs")
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """Say that this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@machine("a probe: tells nothing but that the database answers")
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say that this process can serve people: its database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
