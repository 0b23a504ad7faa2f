"""Forget what people submitted, some time after their case has ended. That it existed and how it ended is kept."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.kernel import clock
from tongban.review import events
from tongban.review.models import Case
from tongban.vault.flows.erase import erase

_BATCH = 20


def forget() -> int:
    """Erase the personal data of cases that ended long enough ago, at most a batch; return how many cases."""
    before = clock.now() - timedelta(days=settings.REVIEW_KEEP_DAYS)
    old = Case.objects.filter(ended_at__lt=before, forgotten_at__isnull=True)
    return sum(_forget(case) for case in old.order_by("ended_at")[:_BATCH])


def _forget(case: Case) -> int:
    with transaction.atomic():
        same = Case.objects.filter(id=case.id, ended_at=case.ended_at, forgotten_at__isnull=True)
        if not same.update(forgotten_at=clock.now()):
            return 0
        _erase(case, "contact_phone")
        for submission in case.submissions.all():
            _erase(submission, "data")
        for subject in case.subjects.all():
            _erase(subject, "value", "index")
        for row in (*case.entries.filter(text__isnull=False), *case.proposals.all(), *case.decisions.all()):
            _erase(row, "text")
        record(events.FORGOTTEN, actor=Actor.system(), subject=case.id, facts={"number": case.number})
    return 1


def _erase(row: models.Model, *fields: str) -> None:
    erase(actor=Actor.system(), row=row, fields=fields, reason="case_ended")
