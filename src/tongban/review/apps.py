"""The room in Django's eyes."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tongban.kernel import jobs


class ReviewConfig(AppConfig):
    """Manual review: cases, the desk, deadlines."""

    name = "tongban.review"
    label = "review"

    def ready(self) -> None:
        """Put in the evidence store, register the start-up check and what the worker does for this room."""
        from tongban.accounts import finders  # noqa: PLC0415 - models are ready only now
        from tongban.review import checks, evidence, queries  # noqa: F401, PLC0415 - checks register themselves
        from tongban.review.evidence_store import EvidenceStore  # noqa: PLC0415
        from tongban.review.flows import deadlines  # noqa: PLC0415
        from tongban.review.flows.forget import forget  # noqa: PLC0415

        finders.register("case", finders.Finder(_("办件编号"), queries.account_of_case))
        evidence.use(EvidenceStore())
        every = timedelta(minutes=1)
        jobs.register(jobs.Job(name="review.release_expired", every=every, run=deadlines.release_expired))
        jobs.register(jobs.Job(name="review.remind", every=every, run=deadlines.remind))
        jobs.register(jobs.Job(name="review.mark_overdue", every=every, run=deadlines.mark_overdue))
        often = timedelta(minutes=10)
        jobs.register(jobs.Job(name="review.tell_operators", every=often, run=deadlines.tell_operators))
        jobs.register(jobs.Job(name="review.end_unanswered", every=every, run=deadlines.end_unanswered))
        jobs.register(jobs.Job(name="review.forget", every=timedelta(hours=1), run=forget))
