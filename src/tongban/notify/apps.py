"""The room in Django's eyes."""

from datetime import timedelta

from django.apps import AppConfig

from tongban.kernel import jobs


class NotifyConfig(AppConfig):
    """SMS and messages on the platform."""

    name = "tongban.notify"
    label = "notify"

    def ready(self) -> None:
        """Register the room's jobs and its start-up checks."""
        from tongban.notify import checks  # noqa: F401, PLC0415 - registers itself
        from tongban.notify.flows.ask_receipts import ask_receipts  # noqa: PLC0415
        from tongban.notify.flows.deliver import deliver_due  # noqa: PLC0415 - models are ready now
        from tongban.notify.flows.forget import forget  # noqa: PLC0415

        jobs.register(jobs.Job(name="notify.deliver", every=timedelta(seconds=0.5), run=deliver_due))
        jobs.register(jobs.Job(name="notify.ask_receipts", every=timedelta(seconds=2), run=ask_receipts))
        jobs.register(jobs.Job(name="notify.forget", every=timedelta(hours=1), run=forget))
