"""The room in Django's eyes."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Doors, client address, browser id."""

    name = "tongban.web"
    label = "web"
