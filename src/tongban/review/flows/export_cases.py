"""Hand the list of cases to an auditor."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from tongban.accounts.models import Account
from tongban.accounts.rules import Role
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.review import events
from tongban.review.errors import RoleMissing
from tongban.review.export import lines


def export_cases(*, auditor: Account, first: date, last: date) -> Iterator[str]:
    """Return the lines of a CSV of the cases opened from `first` to `last`. Raises `RoleMissing`."""
    if Role.AUDITOR not in auditor.roles:
        raise RoleMissing(role=Role.AUDITOR)
    with transaction.atomic():
        facts = {"first": first.isoformat(), "last": last.isoformat()}
        record(events.EXPORTED, actor=Actor.account(auditor.realm, auditor.id), facts=facts)
    return lines(first=first, last=last)
