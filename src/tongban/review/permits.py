"""Who may work on which case. Doors ask for a role; the flows ask again here, because not every caller is a page."""

from django.db.models import Q

from tongban.accounts.models import Account
from tongban.accounts.rules import Role
from tongban.review.errors import Related, RoleMissing, SameReviewer, SeniorNeeded
from tongban.review.models import Case, Decision, Proposal, Relation
from tongban.review.rules import Outcome
from tongban.vault.purposes import Purpose

REVIEWERS = frozenset({Role.REVIEWER, Role.SENIOR_REVIEWER})


def is_senior(reviewer: Account) -> bool:
    """Return whether the reviewer is a senior one."""
    return Role.SENIOR_REVIEWER in reviewer.roles


def must_review(reviewer: Account) -> None:
    """Raise `RoleMissing` unless the person reviews cases at all."""
    if REVIEWERS.isdisjoint(reviewer.roles):
        raise RoleMissing(role=Role.REVIEWER)


def must_be_senior(reviewer: Account) -> None:
    """Raise `SeniorNeeded` unless the reviewer is a senior one."""
    if not is_senior(reviewer):
        raise SeniorNeeded


def must_be_allowed(reviewer: Account, case: Case) -> None:
    """Raise what keeps the reviewer from working on the case in its present round."""
    must_review(reviewer)
    if is_related(reviewer, case):
        raise Related
    if case.senior_only:
        must_be_senior(reviewer)
    if is_second_look_at_own(reviewer, case):
        raise SameReviewer


def is_related(reviewer: Account, case: Case) -> bool:
    """Return whether it is the reviewer's own case, they declared a relation, or have the person's telephone."""
    if case.account_id == reviewer.id:
        return True
    if Relation.objects.filter(case=case, reviewer=reviewer).exists():
        return True
    phones = [case.contact_phone, case.account.phone if case.account else None]
    own = reviewer.phone
    return own is not None and own.reveal(Purpose.MATCH) in {
        phone.reveal(Purpose.MATCH) for phone in phones if phone and not phone.erased
    }


def is_second_look_at_own(reviewer: Account, case: Case) -> bool:
    """Return whether the reviewer would look a second time at what they said themselves.

    That is a proposal of theirs that waits for confirmation, and a case that was reopened after they decided it.
    """
    if Proposal.objects.filter(case=case, settled_at__isnull=True, proposed_by=reviewer).exists():
        return True
    final = Decision.objects.filter(case=case, round=case.round - 1).exclude(outcome=Outcome.RETURN)
    return final.filter(Q(decided_by=reviewer) | Q(confirmed_by=reviewer)).exists()
