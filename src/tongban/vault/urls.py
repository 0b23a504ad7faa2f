"""Addresses of the room."""

from django.urls import path

from tongban.vault import views

app_name = "vault"
urlpatterns = [path("evidence/<uuid:file_id>/", views.evidence, name="evidence")]
