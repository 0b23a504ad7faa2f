"""The room in Django's eyes."""

from datetime import timedelta

from django.apps import AppConfig

from tongban.accounts.events_out import RiskyChangeAsked
from tongban.kernel import events, jobs


class RecoveryConfig(AppConfig):
    """New passwords by login name, appeals."""

    name = "tongban.recovery"
    label = "recovery"

    def ready(self) -> None:
        """Register the kinds of case and the worker's jobs, and have a say in risky changes."""
        from tongban.recovery import objections  # noqa: PLC0415
        from tongban.recovery.flows import ask_register, forget, send_links  # noqa: PLC0415 - models exist only now
        from tongban.recovery.flows.quiet import hold_back  # noqa: PLC0415
        from tongban.recovery.review_kinds import register_kinds  # noqa: PLC0415

        events.subscribe(RiskyChangeAsked, hold_back)
        register_kinds()
        objections.register_kind()
        jobs.register(jobs.Job(name="recovery.links", every=timedelta(seconds=2), run=send_links.send_links))
        jobs.register(jobs.Job(name="recovery.register", every=timedelta(seconds=10), run=ask_register.ask_register))
        jobs.register(jobs.Job(name="recovery.expire", every=timedelta(minutes=1), run=forget.expire_links))
        jobs.register(jobs.Job(name="recovery.forget", every=timedelta(hours=1), run=forget.forget_drafts))
