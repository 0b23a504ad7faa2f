"""What the worker does about time: claims that are over, cases that become due, overdue or are never answered."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction

from tongban.accounts.labels import ROLES
from tongban.accounts.models import StaffRole
from tongban.accounts.rules import Role
from tongban.audit.actors import Actor
from tongban.design.kept_texts import Param
from tongban.kernel import clock
from tongban.notify.flows.post_message import post_message
from tongban.review import events, queries, staffing
from tongban.review.errors import CaseMoved
from tongban.review.flows.cancel_case import cancel_case
from tongban.review.flows.hand_back import release
from tongban.review.history import write
from tongban.review.models import Assignment, Case
from tongban.review.permits import REVIEWERS
from tongban.review.rules import WAITING, AssignmentEnd, CancelReason, CaseState, Happening
from tongban.review.working_days import due_date, is_working_day, today

_BATCH = 100


def release_expired() -> int:
    """Give cases back to the queue whose claim is over; return how many."""
    now = clock.now()
    over = Assignment.objects.filter(ended_at__isnull=True, held_until__lte=now).select_related("reviewer")
    return sum(_release(claim) for claim in over.order_by("held_until")[:_BATCH])


def _release(claim: Assignment) -> int:
    with transaction.atomic():
        case = queries.case_to_change(claim.case_id)
        mine = Assignment.objects.filter(id=claim.id, ended_at__isnull=True, held_until__lte=clock.now())
        if not mine.update(ended_at=clock.now(), end=AssignmentEnd.EXPIRED):
            return 0
        release(case, AssignmentEnd.EXPIRED)
        write(case, Happening.EXPIRED, events.EXPIRED, actor=Actor.system(), by=claim.reviewer)
    return 1


def remind() -> int:
    """On a working day, tell reviewers how many cases become due soon; return how many those are."""
    if not is_working_day(today()):
        return 0
    soon = due_date(today(), settings.REVIEW_REMIND_DAYS)
    with transaction.atomic():
        due = Case.objects.filter(state__in=WAITING, due_on__lte=soon, reminded_at__isnull=True)
        found = due.update(reminded_at=clock.now())
        if found:
            _tell(REVIEWERS, "desk_due_soon", {"count": str(found), "due": soon.isoformat()})
    return found


def mark_overdue() -> int:
    """Mark cases that are overdue and tell the senior reviewers how many; return how many there are."""
    late = Case.objects.filter(state__in=WAITING, due_on__lt=today(), overdue_at__isnull=True)
    with transaction.atomic():
        marked = [case for case in late.order_by("due_on", "id")[:_BATCH] if _mark(case)]
        if marked:
            _tell({Role.SENIOR_REVIEWER}, "desk_overdue", {"count": str(len(marked))})
    return len(marked)


def _mark(case: Case) -> bool:
    same = Case.objects.filter(id=case.id, round=case.round, state__in=WAITING, overdue_at__isnull=True)
    if not same.update(overdue_at=clock.now()):
        return False
    write(case, Happening.OVERDUE, events.OVERDUE, actor=Actor.system(), due_on=case.due_on.isoformat())
    return True


def tell_operators() -> int:
    """Tell operators of cases that nobody on the staff may take, once a round; return how many there are."""
    return sum(_tell_unstaffed(case) for case in staffing.untold()[:_BATCH])


def _tell_unstaffed(case: Case) -> int:
    role = staffing.missing_role(case)
    if role is None:
        return 0
    with transaction.atomic():
        case = queries.case_to_change(case.id)
        if not staffing.untold().filter(id=case.id).exists():  # another worker was here
            return 0
        write(case, Happening.UNSTAFFED, events.UNSTAFFED, actor=Actor.system(), role=role.value)
        _tell({Role.OPERATOR}, "desk_unstaffed", {"number": case.number, "role": ROLES[role]})
    return 1


def end_unanswered() -> int:
    """End cases that were returned and not answered in time; return how many."""
    late = Case.objects.filter(state=CaseState.RETURNED, due_on__lt=today()).order_by("due_on", "id")
    ended = 0
    for case_id in list(late.values_list("id", flat=True)[:_BATCH]):
        try:
            cancel_case(actor=Actor.system(), case_id=case_id, why=CancelReason.LAPSED)
        except CaseMoved:
            continue
        ended += 1
    return ended


def _tell(roles: Iterable[Role], template: str, params: Mapping[str, Param]) -> None:
    holders = StaffRole.objects.filter(role__in=list(roles), ended_at__isnull=True)
    for account_id in holders.order_by().values_list("account_id", flat=True).distinct():
        post_message(account_id=account_id, template=template, params=params)
