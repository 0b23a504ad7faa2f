"""The room in Django's eyes."""

from django.apps import AppConfig

from tongban.accounts.events_out import RiskyChangeAsked
from tongban.kernel import events


class RecoveryConfig(AppConfig):
    """New passwords by login name, appeals."""

    name = "tongban.recovery"
    label = "recovery"

    def ready(self) -> None:
        """Have a say in risky changes."""
        from tongban.recovery.flows.quiet import hold_back  # noqa: PLC0415 - models are ready only now

        events.subscribe(RiskyChangeAsked, hold_back)
