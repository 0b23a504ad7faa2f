"""The addresses of the service hall."""

from django.urls import path

from tongban.site.views import probes

app_name = "site"
urlpatterns = [
    path("livez", probes.livez, name="livez"),
    path("readyz", probes.readyz, name="readyz"),
]
