"""The room in Django's eyes."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Doors, client address, browser id."""

    name = "tongban.web"
    label = "web"

    def ready(self) -> None:
        """Register the start-up checks."""
        from tongban.web import checks  # noqa: F401, PLC0415 - importing registers them
