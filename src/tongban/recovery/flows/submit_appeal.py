"""Hand an appeal in: it becomes a case, or answers the one that was returned. Once, whoever presses how often."""

from uuid import UUID

from django.db import transaction

from tongban.accounts.rules import Realm
from tongban.audit.actors import Actor
from tongban.audit.flows.record import record
from tongban.challenge import limits
from tongban.kernel import clock
from tongban.kernel.mobile import Mobile
from tongban.recovery import events, queries
from tongban.recovery.counting import per_phone
from tongban.recovery.drafts import case_data, kind_of, subjects
from tongban.recovery.errors import AppealIncomplete
from tongban.recovery.labels import OPTIONAL, SLOTS
from tongban.recovery.models import Appeal
from tongban.review.flows.answer_return import answer_return
from tongban.review.flows.open_case import open_case
from tongban.review.models import Case


def submit_appeal(*, actor: Actor, appeal_id: UUID) -> Case:
    """Hand the appeal in and return its case; one that was handed in before returns the same case.

    Raises `AppealIncomplete`, `TooManyRequests`, and `review.errors.CaseMoved` when the case it answers has moved on.
    """
    with transaction.atomic():
        # The row lock makes parallel calls follow each other; SQLite lets only one writer in anyway.
        appeal = Appeal.objects.select_for_update(of=("self",)).filter(id=appeal_id).first()
        if appeal is None:
            raise AppealIncomplete
        if appeal.submitted_at is not None and appeal.case is not None:
            return appeal.case
        case = _hand_in(actor, appeal)
        appeal.case, appeal.data, appeal.phone, appeal.submitted_at = case, None, None, clock.now()
        appeal.save(update_fields=["case", "data", "phone", "submitted_at"])
        record(events.APPEAL_SUBMITTED, actor=actor, subject=appeal.id, facts={"case": str(case.id)})
    return case


def _hand_in(actor: Actor, appeal: Appeal) -> Case:
    realm, filled, files = Realm(appeal.realm), appeal.read(), queries.pictures(appeal)
    filled_in = "document_number" in filled and appeal.proved_phone()
    if not filled_in or not SLOTS[realm].keys() - OPTIONAL <= files.keys():
        raise AppealIncomplete
    phone = Mobile.parse(appeal.proved_phone())
    data, about = case_data(realm, filled), subjects(realm, filled)
    evidence = [files[slot].id for slot in SLOTS[realm] if slot in files]
    if appeal.case is not None:
        return answer_return(
            actor=actor, case_id=appeal.case.id, round=appeal.round, data=data, evidence=evidence, subjects=about
        )
    limits.consume_all(per_phone(phone))
    return open_case(
        actor=actor,
        kind=kind_of(realm),
        account_id=None,
        subjects=about,
        data=data,
        contact_phone=phone,
        key=f"appeal:{appeal.id}",
        evidence=evidence,
    )
