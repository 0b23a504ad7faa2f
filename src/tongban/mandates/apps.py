"""The room in Django's eyes."""

from datetime import timedelta

from django.apps import AppConfig

from tongban.accounts.events_out import IdentityBound, IdentityReleased
from tongban.kernel import events, jobs


class MandatesConfig(AppConfig):
    """Who may act for which unit."""

    name = "tongban.mandates"
    label = "mandates"

    def ready(self) -> None:
        """Follow what happens to verified identities, and register the worker's jobs."""
        from tongban.mandates.flows import expire, forget, lose, remind, tell_offers  # noqa: PLC0415 - models first

        events.subscribe(IdentityReleased, lose.after_release)
        events.subscribe(IdentityBound, lose.after_binding)
        jobs.register(jobs.Job(name="mandates.offers", every=timedelta(seconds=2), run=tell_offers.tell_offers))
        jobs.register(jobs.Job(name="mandates.expire", every=timedelta(minutes=1), run=expire.expire))
        jobs.register(jobs.Job(name="mandates.remind", every=timedelta(hours=1), run=remind.remind))
        jobs.register(jobs.Job(name="mandates.forget", every=timedelta(hours=1), run=forget.forget))
