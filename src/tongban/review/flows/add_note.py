"""Leave a note for colleagues; the person whose case it is never reads it."""

from uuid import UUID

from django.db import transaction

from tongban.accounts.models import Account
from tongban.audit.actors import Actor
from tongban.review import events, queries
from tongban.review.errors import Related
from tongban.review.history import write
from tongban.review.permits import is_related, must_review
from tongban.review.rules import Happening


def add_note(*, reviewer: Account, case_id: UUID, text: str) -> None:
    """Add a note to the history of the case. Raises `CaseUnknown`, `RoleMissing`, `Related`."""
    must_review(reviewer)
    with transaction.atomic():
        case = queries.case(case_id)
        if is_related(reviewer, case):
            raise Related
        actor = Actor.account(reviewer.realm, reviewer.id)
        write(case, Happening.NOTED, events.NOTED, actor=actor, by=reviewer, text=text)
