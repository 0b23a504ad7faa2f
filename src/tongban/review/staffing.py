"""Whether there is anybody left on the staff who may take a case, and who has to be appointed when there is not."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.accounts.models import Account, Suspension
from tongban.accounts.rules import Role
from tongban.review.errors import NotAllowed
from tongban.review.models import Case, Entry, Relation
from tongban.review.permits import REVIEWERS, must_be_allowed
from tongban.review.rules import WAITING, CaseState, Happening


def missing_role(case: Case) -> Role | None:
    """Return the role that one person more needs before the case can go on; `None` when it can, or waits for nobody."""
    if case.state not in WAITING or any(_may_take(person, case) for person in _reviewers()):
        return None
    return Role.SENIOR_REVIEWER if case.senior_only else Role.REVIEWER


def may_lack_staff(case: Case) -> bool:
    """Return whether `missing_role` is worth asking: an ordinary case is for any reviewer, and costs no look."""
    return suspects().filter(id=case.id).exists()


def untold() -> QuerySet[Case]:
    """Return the cases to ask about of which operators were not told in this round, the one due first first."""
    told = Entry.objects.filter(case=OuterRef("id"), round=OuterRef("round"), what=Happening.UNSTAFFED)
    return suspects().exclude(Exists(told)).order_by("due_on", "id")


def suspects() -> QuerySet[Case]:
    """Return the waiting cases that not every reviewer may take."""
    related = Exists(Relation.objects.filter(case=OuterRef("id")))
    narrowed = Q(senior_only=True) | Q(state=CaseState.AWAITING_SECOND) | related
    return Case.objects.filter(narrowed, state__in=WAITING)


def _reviewers() -> QuerySet[Account]:
    suspended = Suspension.objects.filter(account=OuterRef("id"), ended_at__isnull=True)
    roles = Q(staff_roles__role__in=list(REVIEWERS), staff_roles__ended_at__isnull=True)
    return Account.objects.filter(roles, ~Exists(suspended)).order_by("id").distinct()


def _may_take(person: Account, case: Case) -> bool:
    try:
        must_be_allowed(person, case)
    except NotAllowed:
        return False
    return True
