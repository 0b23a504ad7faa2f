"""The root of all addresses. Every room keeps its own `urls` module; this one only says which rooms are open."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

# Addresses are tried in this order; no two rooms share one. The rooms that most visits are for come first.
_BUSY = ("accounts", "sso", "site")
_rooms = sorted(settings.ROOMS, key=lambda room: _BUSY.index(room) if room in _BUSY else len(_BUSY))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"tongban.{room}.urls")) for room in _rooms if find_spec(f"tongban.{room}.urls")
]

handler400 = "tongban.site.error_pages.bad_request"
handler403 = "tongban.site.error_pages.forbidden"
handler404 = "tongban.site.error_pages.not_found"
handler500 = "tongban.site.error_pages.server_error"
