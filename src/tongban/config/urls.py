"""The root of all addresses. Every room keeps its own `urls` module; this one only says which rooms are open."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"tongban.{room}.urls")) for room in settings.ROOMS if find_spec(f"tongban.{room}.urls")
]

handler400 = "tongban.site.error_pages.bad_request"
handler403 = "tongban.site.error_pages.forbidden"
handler404 = "tongban.site.error_pages.not_found"
handler500 = "tongban.site.error_pages.server_error"
