"""A case that nobody on the staff may take: the desk says who has to be appointed, operators are told, once."""

import pytest

from tests.unit.review.desk import SINGLE, TWICE, a_case, citizen, reviewer, senior, staff
from tests.unit.review.test_deciding import claimed, said
from tongban.accounts.flows.suspend_account import suspend_account
from tongban.accounts.models import Account, StaffRole
from tongban.accounts.rules import Role
from tongban.audit.actors import Actor
from tongban.audit.models import Event
from tongban.notify.models import InSiteMessage
from tongban.review import queries, staffing
from tongban.review.errors import Related
from tongban.review.flows.claim_case import claim_case
from tongban.review.flows.deadlines import tell_operators
from tongban.review.flows.decide import confirm
from tongban.review.flows.hand_back import declare_relation, escalate_case
from tongban.review.flows.reopen_case import reopen_case
from tongban.review.models import Case
from tongban.review.rules import Happening

pytestmark = pytest.mark.django_db


def reopened_with_two_seniors() -> Case:
    """Both of the only two senior reviewers took part in what was decided; one of them reopens it."""
    first, second = senior(), senior()
    case = a_case(TWICE)
    claim_case(reviewer=first, case_id=case.id)
    said(first, queries.case(case.id), reason="all_good")
    claim_case(reviewer=second, case_id=case.id)
    confirm(reviewer=second, case_id=case.id, round=1)
    return reopen_case(reviewer=first, case_id=case.id, why="neu")


def test_a_reopened_case_names_the_role_that_is_missing() -> None:
    reviewer()
    case = reopened_with_two_seniors()
    assert staffing.missing_role(case) is Role.SENIOR_REVIEWER
    third = senior()
    assert staffing.missing_role(case) is None
    claim_case(reviewer=third, case_id=case.id)


def test_a_lone_reviewer_cannot_confirm_their_own_proposal() -> None:
    case, who = claimed(TWICE)
    said(who, case, reason="all_good")
    assert staffing.missing_role(queries.case(case.id)) is Role.REVIEWER
    reviewer()
    assert staffing.missing_role(queries.case(case.id)) is None


@pytest.mark.parametrize("why", ["related", "suspended", "role ended"])
def test_who_may_not_work_does_not_count(why: str) -> None:
    only, case = reviewer(), a_case()
    assert staffing.missing_role(case) is None
    if why == "related":
        declare_relation(reviewer=only, case_id=case.id)
    elif why == "suspended":
        suspend_account(actor=Actor.system(), account=only, reason="x")
    else:
        StaffRole.objects.update(ended_at=case.opened_at)
    assert staffing.missing_role(case) is Role.REVIEWER


def test_a_case_that_waits_for_the_person_or_has_ended_misses_nobody() -> None:
    case, who = claimed()
    said(who, case, reason="blurred")
    assert staffing.missing_role(queries.case(case.id)) is None


def test_operators_are_told_once_a_round_and_the_history_says_so() -> None:
    operator, auditor = staff(Role.OPERATOR), staff(Role.AUDITOR)
    case = reopened_with_two_seniors()
    assert tell_operators() == 1
    assert tell_operators() == 0
    (told,) = InSiteMessage.objects.filter(template="desk_unstaffed")
    assert told.account_id == operator.id
    assert not InSiteMessage.objects.filter(account_id=auditor.id).exists()
    assert [line.what for line in case.entries.filter(what=Happening.UNSTAFFED)] == ["unstaffed"]
    assert Event.objects.filter(name="review:case:unstaffed", subject=case.id).count() == 1
    assert "没有" not in str([line.title for line in queries.timeline(case)]), "nothing to the person outside"


def test_ordinary_cases_are_not_even_looked_at() -> None:
    reviewer()
    for _case in range(3):
        a_case()
    assert tell_operators() == 0


def test_an_escalated_case_without_a_senior() -> None:
    case, who = claimed()
    escalate_case(reviewer=who, case_id=case.id, why="schwierig")
    assert staffing.missing_role(queries.case(case.id)) is Role.SENIOR_REVIEWER
    assert tell_operators() == 1


def test_nobody_decides_their_own_case() -> None:
    own = reviewer()
    case = a_case(SINGLE, account_id=own.id)
    with pytest.raises(Related):
        claim_case(reviewer=own, case_id=case.id)
    assert isinstance(citizen(), Account)
