"""Django's view of the room."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Templates, static files and template tags; no models."""

    name = "tongban.design"
    label = "design"
