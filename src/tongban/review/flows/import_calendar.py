"""Take over the announced holidays and make-up working days of one or more years."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.review import events
from tongban.review.models import CalendarDay
from tongban.review.working_days import Day


def import_calendar(*, actor: Actor, days: Sequence[Day]) -> list[int]:
    """Replace every year that `days` touch by exactly these days, and return the years.

    Due dates that were promised already stay as they are.
    """
    years = sorted({day.day.year for day in days})
    with transaction.atomic():
        for year in years:
            CalendarDay.objects.filter(day__range=(date(year, 1, 1), date(year, 12, 31))).delete()
        CalendarDay.objects.bulk_create([CalendarDay(day=day.day, works=day.works, name=day.name) for day in days])
        named = ",".join(map(str, years))
        record(events.CALENDAR_IMPORTED, actor=actor, facts={"years": named, "days": len(days)})
    return years
