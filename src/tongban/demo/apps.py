"""The demo room: moves the platform's clock when told to."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class DemoConfig(AppConfig):
    """Refuses to start outside the demo profile and puts the movable clock in place."""

    name = "tongban.demo"

    def ready(self) -> None:
        """Let `kernel.clock` tell the demo's time."""
        if settings.PROFILE != "demo":
            message = "the demo room is installed outside the profile demo"
            raise ImproperlyConfigured(message)
        from tongban.demo.clock import MovableClock  # noqa: PLC0415 - imports follow the profile check
        from tongban.kernel import clock  # noqa: PLC0415

        clock.set_source(MovableClock(settings.HOME / "demo-clock.json"))
