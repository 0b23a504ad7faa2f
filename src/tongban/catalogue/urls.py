"""The addresses of the catalogue. Entering a service (`/services/<slug>/enter/`) belongs to sso."""

from django.urls import path

from tongban.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("services/", views.services, name="services"),
    path("services/for/natural/", views.for_natural, name="for-natural"),
    path("services/for/legal/", views.for_legal, name="for-legal"),
    path("services/<slug:slug>/", views.service, name="service"),
    path("guides/", views.guides, name="guides"),
]
