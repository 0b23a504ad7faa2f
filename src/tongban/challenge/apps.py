"""The room in Django's eyes."""

from datetime import timedelta

from django.apps import AppConfig

from tongban.design import human_check
from tongban.kernel import jobs


class ChallengeConfig(AppConfig):
    """One-time codes, human checks, limits."""

    name = "tongban.challenge"
    label = "challenge"

    def ready(self) -> None:
        """Register the room's job and its start-up checks."""
        from tongban.challenge import checks, provider  # noqa: F401, PLC0415 - checks register themselves
        from tongban.challenge.flows.forget import forget  # noqa: PLC0415 - models are ready now

        human_check.offer(provider.offered)
        jobs.register(jobs.Job(name="challenge.forget", every=timedelta(minutes=10), run=forget))
