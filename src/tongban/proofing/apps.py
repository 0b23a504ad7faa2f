"""The room in Django's eyes, and the work it leaves to the worker."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tongban.kernel import jobs


class ProofingConfig(AppConfig):
    """Registers the jobs, the start-up checks and the kinds of case."""

    name = "tongban.proofing"
    label = "proofing"
    verbose_name = _("实名认证")

    def ready(self) -> None:
        """Register all of it, once models exist."""
        from tongban.proofing import checks, review_kinds  # noqa: F401, PLC0415 - checks register themselves
        from tongban.proofing.flows import ask_waiting, forget  # noqa: PLC0415

        review_kinds.register_kinds()
        jobs.register(jobs.Job(name="proofing.ask_waiting", every=timedelta(seconds=1), run=ask_waiting.ask_waiting))
        jobs.register(jobs.Job(name="proofing.forget", every=timedelta(hours=1), run=forget.forget))
