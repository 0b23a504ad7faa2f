"""The composition root as a Django app: only for its start-up checks."""

from django.apps import AppConfig


class CompositionConfig(AppConfig):
    """Registers the checks of the whole configuration."""

    name = "tongban.config"
    label = "config"

    def ready(self) -> None:
        """Register the checks."""
        from tongban.config import checks  # noqa: F401, PLC0415 - importing registers
