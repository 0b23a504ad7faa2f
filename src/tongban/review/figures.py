"""How the desk is doing: what waits and for how long, what is late, what was decided each day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncDate

from tongban.design.labels import Text
from tongban.kernel import clock
from tongban.review.case_queue import kind_title
from tongban.review.models import Case, Decision
from tongban.review.rules import WAITING, Outcome
from tongban.review.working_days import HERE, today

DAYS = 14


@dataclass(frozen=True, slots=True)
class Waiting:
    """The cases of one kind whose next move is ours. Ages count from the day they were submitted."""

    kind: Text
    count: int
    due_today: int
    overdue: int
    up_to_a_day: int
    up_to_three_days: int
    older: int
    oldest: datetime


@dataclass(slots=True)
class DayOfDecisions:
    """What was decided on one day."""

    day: date
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))

    @property
    def approved(self) -> int:
        """How many cases were approved."""
        return self.counts[Outcome.APPROVE]

    @property
    def returned(self) -> int:
        """How many cases were returned for correction."""
        return self.counts[Outcome.RETURN]

    @property
    def rejected(self) -> int:
        """How many cases were rejected."""
        return self.counts[Outcome.REJECT]

    @property
    def total(self) -> int:
        """How many decisions there were."""
        return sum(self.counts.values())


def waiting() -> Sequence[Waiting]:
    """Return what waits, by kind."""
    now, day = clock.now(), today()
    a_day, three_days = now - timedelta(days=1), now - timedelta(days=3)
    rows = Case.objects.filter(state__in=WAITING).values("kind").order_by("kind")
    counted = rows.annotate(
        count=Count("id"),
        due_today=Count("id", filter=Q(due_on=day)),
        overdue=Count("id", filter=Q(due_on__lt=day)),
        up_to_a_day=Count("id", filter=Q(submitted_at__gt=a_day)),
        up_to_three_days=Count("id", filter=Q(submitted_at__lte=a_day, submitted_at__gt=three_days)),
        older=Count("id", filter=Q(submitted_at__lte=three_days)),
        oldest=Min("submitted_at"),
    )
    return [
        Waiting(
            kind=kind_title(row["kind"]),
            count=row["count"],
            due_today=row["due_today"],
            overdue=row["overdue"],
            up_to_a_day=row["up_to_a_day"],
            up_to_three_days=row["up_to_three_days"],
            older=row["older"],
            oldest=row["oldest"],
        )
        for row in counted
    ]


def decided() -> Sequence[DayOfDecisions]:
    """Return what was decided on each of the last days, the latest first; days on which nothing was are there too."""
    last = today()
    days = {day: DayOfDecisions(day) for day in (last - timedelta(days=back) for back in range(DAYS))}
    start = datetime.combine(last - timedelta(days=DAYS - 1), datetime.min.time(), HERE)
    recent = Decision.objects.filter(decided_at__gte=start).annotate(day=TruncDate("decided_at", tzinfo=HERE))
    for row in recent.values("day", "outcome").annotate(count=Count("id")).order_by():
        if row["day"] in days:
            days[row["day"]].counts[Outcome(row["outcome"])] = row["count"]
    return list(days.values())
